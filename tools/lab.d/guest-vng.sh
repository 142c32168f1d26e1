# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The large guest: virtme-ng boots the kernel with the lab root, the checkout
# in it, as its own root, through virtiofs.
#
# virtme-ng finds virtiofsd, packs the modules it takes to get there and puts
# QEMU together.  Its own init costs most of a minute under emulation: udev
# loads drivers for devices nobody asked for.  So lab.d/guest-init takes its
# place, and the kernel's modules that of installed ones, in a mount namespace.
# A process namespace around it all makes sure that nothing outlives the guest:
# virtme-ng starts more than it ends.

prepare_vng() {
	machine_args
	wire_args
	GUEST_ARGV=(
		env TMPDIR="$GUEST_WIRE"
		unshare --mount --propagation unchanged --pid --fork --kill-child
		"$LAB_D/guest-mounts" "$GUEST_DIR/lib/modules" "$LAB_D/guest-init"
		vng --run "$GUEST_DIR/vmlinuz" --disable-kvm --disable-microvm
		--cpus "${GUEST_SMP%%,*}" --memory "$GUEST_MEMORY"
		--overlay-rwdir "$LAB_TOP"
		--append="loglevel=4 init_on_alloc=1 $GUEST_BOOT lanes_job=$GUEST_WIRE/lab $GUEST_APPEND"
		--qemu-opts="$(qemu_options)"
		-- true
	)
}

# virtme-ng has ttyS0 as the kernel's console already: only its file is ours
qemu_options() {
	echo "${GUEST_MACHINE[*]}" "${GUEST_WIRES[*]:4}" \
		"-set chardev.console.path=$GUEST_LOG -smp $GUEST_SMP ${GUEST_QEMU[*]}"
}

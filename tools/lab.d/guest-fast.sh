# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The small guest: kernel and initramfs, nothing else.
#
# The initramfs is two archives one after the other, uncompressed because
# copying is faster than unpacking under emulation: the programs below with
# the libraries they need (cached), and the checkout's own files (made anew
# for every run).

LAB_PROGRAMS=(
	sh bash busybox ip chrt taskset chcpu lscpu setpriv setsid dmesg prlimit renice
	stty tar timeout env nproc ps pgrep pkill top tput
	bpftool strace hackbench cyclictest stress-ng kmod lspci
)

# Libraries of our own programs: the build may be newer than the cache
LAB_LIBRARIES=(
	libbpf.so.1 libelf.so.1 libz.so.1 libzstd.so.1 libcap.so.2 libhwloc.so.15
	libncursesw.so.6 libtinfo.so.6 libjson-c.so.5 libm.so.6 libgcc_s.so.1
	libstdc++.so.6 libasan.so.8 libubsan.so.1
)

prepare_fast() {
	machine_args
	wire_args
	write_initramfs >"$GUEST_WIRE/initramfs"
	GUEST_ARGV=(
		qemu-system-x86_64 "${GUEST_MACHINE[@]}" -smp "$GUEST_SMP" -m "$GUEST_MEMORY"
		-nodefaults -no-user-config -display none -no-reboot "${GUEST_WIRES[@]}"
		-kernel "$GUEST_DIR/vmlinuz" -initrd "$GUEST_WIRE/initramfs"
		-append "console=ttyS0 quiet $GUEST_BOOT $GUEST_APPEND"
		"${GUEST_QEMU[@]}"
	)
}

write_initramfs() {
	local base

	base=$LANES_CACHE/guest-$(base_sum).cpio
	if [[ ! -e $base ]]; then
		lock guest
		[[ -e $base ]] || step "guest: collecting its programs" make_base "$base"
		unlock
	fi
	cat "$base"
	pack / < <(checkout_files)
	cp "$LAB_D/guest-init" "$GUEST_WIRE/init"
	pack "$GUEST_WIRE" < <(cd "$GUEST_WIRE" && find init lab)
}

# The base depends on this file and on the root it is collected from
base_sum() { cat /etc/lanes-root "$LAB_D/guest-fast.sh" | sha256sum | cut -c 1-12; }

# make_base FILE
make_base() {
	local stage=$1.tmp program

	rm -rf "$stage"
	mkdir -p "$stage"/{dev,proc,root,run,sys,tmp,usr/bin,usr/sbin,usr/lib,usr/lib64}
	ln -s usr/bin usr/sbin usr/lib usr/lib64 "$stage"
	for program in "${LAB_PROGRAMS[@]}"; do
		add_elf "$stage" "$(command -v "$program")"
	done
	for program in "${LAB_LIBRARIES[@]}"; do
		add_elf "$stage" "/usr/lib/x86_64-linux-gnu/$program"
	done
	cp -a --parents /usr/lib/locale/C.utf8 /usr/share/terminfo "$stage"
	for program in $(busybox --list); do
		[[ -e $stage/usr/sbin/$program ]] ||
			ln -s busybox "$stage/usr/bin/$program" 2>/dev/null || true
	done
	pack "$stage" < <(cd "$stage" && find .) >"$1.new"
	rm -rf "$stage" "$LANES_CACHE"/guest-*.cpio
	mv "$1.new" "$1"
}

# add_elf STAGE FILE: a program or library, and what it is linked with
add_elf() {
	local stage=$1 file

	for file in "$2" $(ldd "$2" 2>/dev/null | grep -o '/[^ ]*'); do
		file=$(realpath "${file%/*}")/${file##*/}
		[[ ! -e $stage$file ]] || continue
		mkdir -p "$stage${file%/*}"
		cp -L "$file" "$stage$file"
	done
}

# The checkout as far as a guest wants it, at its own path
checkout_files() {
	local dir=$LAB_TOP

	while [[ $dir ]]; do
		echo "${dir#/}"
		dir=${dir%/*}
	done | tac
	cd "$LAB_TOP" || return
	find build tools selftests include \( -path build/lab -o -name '*.[dh]' -o -name '*.cmd' -o \
		-name '*.o' ! -name '*.bpf.o' \) -prune -o -print 2>/dev/null | sed "s,^,${LAB_TOP#/}/,"
}

# pack DIR: the files named on stdin, as an archive
pack() { (cd "$1" && cpio --quiet -o -H newc -R 0:0); }

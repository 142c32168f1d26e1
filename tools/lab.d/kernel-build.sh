# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A kernel of our own, from Debian's linux-source package: tinyconfig plus
# selftests/config, which is the smallest kernel that boots in seconds under
# emulation and still has everything the tests look at. A variant, say
# 6.12-debug, has selftests/config.debug as well.
#
# Kept of it: the kernel, its type information, and those parts of the tree
# that building a module takes (the same ones Debian puts into its headers).

# get_from_source VER HEADERS
get_from_source() {
	local version=$1 package=linux-source-${1%%-*} release sum made

	release=$(apt-cache --no-all-versions show "$package" | sed -n 's/^Version: //p')
	[[ $release ]] || die "kernel $version: no package $package in the archive"
	sum=$({ echo "$release" && config_of "$version"; } | sha256sum)
	for made in "$LANES_CACHE/kernels/${version%%-*}".*-"${sum::12}"; do
		[[ ! -e $made/version ]] || { link_kernel "$version" "${made##*/}"; return; }
	done
	fetch_package "kernel $version" "$package"
	step "kernel $version: unpacking $release" unpack_source "$package"
	step "kernel $version: configuring $release" configure_source "$version"
	info "kernel $version: building takes 7 to 10 minutes on 2 CPUs"
	step "kernel $version: building $release" make -C "$LAB_WORK/src" -j"$(nproc)" bzImage modules
	step "kernel $version: installing $release" install_source "$version" "$LAB_WORK/out"
	place_kernel "$version" "$(<"$LAB_WORK/out/version")" "$sum"
}

unpack_source() {
	dpkg-deb --fsys-tarfile "$LAB_WORK"/debs/*.deb |
		tar -xO "./usr/src/$1.tar.xz" | tar -xJ -C "$LAB_WORK"
	mv "$LAB_WORK/$1" "$LAB_WORK/src"
}

# configure_source VER
configure_source() {
	cd "$LAB_WORK/src" || return
	config_of "$1" >../fragment
	make -s tinyconfig
	scripts/kconfig/merge_config.sh -m .config ../fragment >/dev/null
	make -s olddefconfig
	check_config ../fragment .config
}

# check_config FRAGMENT FILE: is every option of the fragment in it? What is to be off may
# be missing, with what it depends on.
check_config() {
	local dropped

	dropped=$(awk -F = '
	NR == FNR { final[$1] = $0; next }
	$1 in final ? $0 != final[$1] : $2 != "n"' \
		<(options_of "$2") <(options_of "$1" | last_settings))
	[[ $dropped ]] || return 0
	echo "configuration: not in the final .config: ${dropped//$'\n'/ }"
	return 1
}

# last_settings: of an option that is set twice, what counts
last_settings() { awk -F = '{ setting[$1] = $0 } END { for (option in setting) print setting[option] }'; }

# options_of FILE: its options, one OPTION=VALUE a line
options_of() {
	sed -n -E 's/^# (CONFIG_[A-Z0-9_]+) is not set$/\1=n/p; /^CONFIG_/p' "$1"
}

# install_source VER OUT
install_source() {
	local out=$2 src=$LAB_WORK/src

	make -s -C "$src" kernelrelease >"$out/version"
	cp "$src/arch/x86/boot/bzImage" "$out/vmlinuz"
	extract_btf "$src/vmlinux" "$out/vmlinux.btf"
	make -s -C "$src" modules_install INSTALL_MOD_PATH="$out"
	rm -f "$out"/lib/modules/*/build
	config_of "$1" | sha256sum - >"$out/config.sum"
	trim_source "$src"
	mv "$src" "$out/build"
}

# trim_source SRC: leave what building a module needs
trim_source() {
	cd "$1" || return
	strip --strip-debug vmlinux
	find . -maxdepth 1 -mindepth 1 -type d \
		! -name arch ! -name include ! -name scripts ! -name tools -exec rm -rf {} +
	find arch -maxdepth 1 -mindepth 1 -type d ! -name x86 -exec rm -rf {} +
	find tools -maxdepth 1 -mindepth 1 \
		! -name objtool ! -name bpf ! -name include ! -name build ! -name scripts -exec rm -rf {} +
	find . -name '*.[oa]' -delete
	rm -f vmlinux.* .tmp_*
}

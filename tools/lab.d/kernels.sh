# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Kernels: what is in selftests/kernels, made into directories of the cache.
#
#   kernels/7.3 -> 7.3.4+deb13-cloud-amd64-<hash12>/
#     version      what uname -r says there
#     vmlinuz      what QEMU boots
#     vmlinux.btf  its type information, for bpftool
#     build        for KDIR=, where there are headers; used in the lab root
#     lib/modules  where there are modules
#
# The hash is that of the packages, or of source version and selftests/config,
# so a directory never changes once it has its name.  The link is what says
# that a kernel is here; it is set last.

LAB_KERNELS=$LAB_TOP/selftests/kernels

help_kernels() {
	cat <<-'EOF'
	usage: tools/lab kernels

	Lists the kernels of selftests/kernels: version, source, whether modules
	can be built for it, and what is in the cache.
	EOF
}

help_kernel() {
	cat <<-'EOF'
	usage: tools/lab kernel [--refresh] VER

	Fetches or builds kernel VER (say 7.3) where it is not in the cache yet and
	prints its directory, which holds: vmlinuz, version (uname -r), vmlinux.btf
	(for VMLINUX_BTF=), build (for KDIR=, in the lab root) and lib/modules,
	the last two where selftests/kernels says so.

	  --refresh   ask the archive for a newer point release even so

	exit status: 0 it is there, 1 it could not be had, 2 usage
	EOF
}

# Rows of the table: VERSION SOURCE HEADERS
kernel_rows() { grep -v '^#' "$LAB_KERNELS"; }

kernel_row() {
	kernel_rows | awk -v version="$1" '$1 == version' | grep . ||
		usage_error "kernel: '$1' is not one of$(kernel_rows | awk '{ printf " %s", $1 }')"
}

# config_of VER: what it has on top of tinyconfig. 6.12-debug is 6.12 with
# selftests/config.debug after selftests/config, and so on.
config_of() {
	local suffix=${1#"${1%%-*}"}

	cat "$LAB_TOP/selftests/config" ${suffix:+"$LAB_TOP/selftests/config.${suffix#-}"}
}

newest_kernel() { kernel_rows | awk 'END { print $1 }'; }

# cached_kernel VER: its directory, if it is here and made from what we ask for
cached_kernel() {
	local dir

	dir=$(readlink -f "$LANES_CACHE/kernels/$1") && [[ -e $dir/version ]] || return 1
	[[ ! -e $dir/config.sum ]] || config_of "$1" | sha256sum --status -c "$dir/config.sum" || return 1
	echo "$dir"
}

cmd_kernels() {
	local version source headers dir state

	no_arguments "$@"
	printf '%-8s %-7s %-8s %s\n' kernel source headers here
	while read -r version source headers; do
		state=-
		! dir=$(cached_kernel "$version") || state=$(<"$dir/version")
		printf '%-8s %-7s %-8s %s\n' "$version" "$source" "$headers" "$state"
	done < <(kernel_rows)
}

cmd_kernel() {
	local refresh=

	[[ ${1:-} != --refresh ]] || { refresh=$1; shift; }
	[[ ${1:-} != -* ]] || usage_error "kernel: no option '$1'"
	(($# == 1)) || usage_error "kernel: takes one version"
	kernel_row "$1" >/dev/null
	[[ $refresh ]] || ! cached_kernel "$1" || return 0
	inside kernel ${refresh:+"$refresh"} "$1"
	get_kernel "$1" "$refresh"
	cached_kernel "$1"
}

# need_kernel VER: make sure it is in the cache; in the lab root
need_kernel() {
	cached_kernel "$1" >/dev/null || get_kernel "$1" ''
}

# get_kernel VER REFRESH
get_kernel() {
	local version source headers

	read -r version source headers < <(kernel_row "$1")
	lock "kernel-$version"
	if [[ $2 ]] || ! cached_kernel "$version" >/dev/null; then
		update_lists "$2"
		LAB_WORK=$LANES_CACHE/kernels/.$version
		rm -rf "$LAB_WORK"
		mkdir -p "$LAB_WORK/debs" "$LAB_WORK/out"
		"get_from_$source" "$version" "$headers"
		rm -rf "$LAB_WORK"
	fi
	unlock
}

get_from_image() { get_from_packages "$1" "$2" \
	linux-image linux-binary linux-modules linux-base; }

get_from_binary() { get_from_packages "$1" "$2" linux-binary; }

# get_from_packages VER HEADERS KIND...: unpack the packages KIND-RELEASE of
# the newest release of VER, as many kinds as there are
get_from_packages() {
	local version=$1 headers=$2 release package out=$LAB_WORK/out
	shift 2

	release=$(newest_release "$1-$version.")
	[[ $release ]] || die "kernel $version: no package $1-$version.* in the archive"
	for package in $(archive_has "${@/%/-$release}"); do
		fetch_package "kernel $version" "$package"
	done
	[[ $headers == no ]] || fetch_headers "$version" "$release"
	step "kernel $version: unpacking $release" unpack_kernel "$release" "$out"
	place_kernel "$version" "$release" "$(cat "$LAB_WORK"/debs/*.deb | sha256sum)"
}

fetch_headers() {
	local flavourless=${2%-cloud-amd64} package

	for package in "linux-headers-$2" "linux-headers-$flavourless-common" \
		"linux-kbuild-$flavourless"; do
		fetch_package "kernel $1" "$package"
	done
}

# newest_release PREFIX: of the cloud kernels whose package name starts so,
# the newest one's release
newest_release() {
	apt-cache pkgnames "$1" | grep -oP '^linux-[a-z]+-\K[0-9.]+\+deb[0-9]+-cloud-amd64$' |
		sort -V | tail -n 1
}

# archive_has PACKAGE...: those of them that exist
archive_has() {
	apt-cache --no-all-versions show "$@" 2>/dev/null | sed -n 's/^Package: //p'
}

# fetch_package TITLE PACKAGE
fetch_package() {
	step "$1: fetching $2" download "$2" "$LAB_WORK/debs"
}

download() { cd "$2" && apt-get download -o APT::Sandbox::User=root "$1"; }

# The lists are asked for again when they are older than ten minutes: what
# the archive has moves, and old point releases leave it.
update_lists() {
	local lists=/var/lib/apt/lists

	[[ $1 || -z $(find $lists -maxdepth 0 -mmin -10) ]] || return 0
	lock apt-lists
	step "archive: reading the package lists" read_lists $lists
	unlock
}

# Without an archive the old lists will do: what is then missing is a package,
# and will be said to be.
read_lists() {
	! apt-get update -o APT::Update::Error-Mode=any || touch "$1"
}

# unpack_kernel RELEASE OUT: packages to the directory this file is about
unpack_kernel() {
	local release=$1 out=$2 deb

	for deb in "$LAB_WORK"/debs/*.deb; do
		dpkg-deb -x "$deb" "$out"
	done
	find "$out" -type f -name 'vmlinuz*' -exec mv {} "$out/vmlinuz" \;
	rm -rf "$out"/{boot,usr/share}
	[[ ! -d $out/usr/lib ]] || ln -s usr/lib "$out"
	[[ ! -d $out/lib/modules/$release/kernel ]] || depmod -b "$out" "$release"
	[[ ! -d $out/usr/src ]] || settle_headers "$release" "$out"
	unpack_vmlinuz "$out/vmlinuz" "$LAB_WORK/vmlinux"
	extract_btf "$LAB_WORK/vmlinux" "$out/vmlinux.btf"
	echo "$release" >"$out/version"
}

# Debian's headers expect to be in /usr/src.  Two names in one Makefile are
# all that ties them to it.
settle_headers() {
	local headers=$2/usr/src/linux-headers-$1

	# shellcheck disable=SC2016 # a make variable
	sed -i '1i here := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
		s,/usr/src/,$(here)../,' "$headers/Makefile"
	ln -s "usr/src/linux-headers-$1" "$2/build"
}

# unpack_vmlinuz VMLINUZ VMLINUX: the ELF file inside a bzImage; its place is
# in the boot header (Documentation/arch/x86/boot.rst)
unpack_vmlinuz() {
	local setup_sects offset length

	setup_sects=$(header_field "$1" 0x1f1 1)
	offset=$(header_field "$1" 0x248 4)
	length=$(header_field "$1" 0x24c 4)
	dd if="$1" of="$2.packed" status=none iflag=skip_bytes,count_bytes bs=1M \
		skip=$(((setup_sects + 1) * 512 + offset)) count="$length"
	decompress "$2.packed" >"$2"
}

# header_field FILE OFFSET BYTES [FORMAT]: a number in it
header_field() { od -A n -t "${4:-u}$3" -j "$2" -N "$3" "$1" | tr -d " "; }

# The payload is followed by its size, which decompressors complain about
# after they have done their work.
decompress() {
	case $(header_field "$1" 0 4 x) in
	fd2fb528) zstd -dc "$1" ;;
	587a37fd) xz -dc --single-stream "$1" ;;
	184c2102) lz4 -dc "$1" ;;
	*8b1f) gzip -dc "$1" ;;
	esac 2>/dev/null || true
}

extract_btf() {
	objcopy --dump-section ".BTF=$2" "$1" /dev/null
}

# place_kernel VER RELEASE SUM: give what was made its name
place_kernel() {
	local name=$2-${3::12} kernels=$LANES_CACHE/kernels

	[[ -d $kernels/$name ]] || mv -T "$LAB_WORK/out" "$kernels/$name"
	link_kernel "$1" "$name"
}

# link_kernel VER NAME
link_kernel() {
	ln -sfnT "$2" "$LANES_CACHE/kernels/$1"
	info "kernel $1: this is $(<"$LANES_CACHE/kernels/$1/version")"
}

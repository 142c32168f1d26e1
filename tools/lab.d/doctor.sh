# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What this machine can do by itself, and what to do about the rest.
#
# Every check prints one line: "ok" or "--", what was looked at, what was
# found, and for a "--" the remedy.  Only the last group decides the exit
# status: whatever the machine lacks, a lab that works makes up for.

help_doctor() {
	cat <<-'EOF'
	usage: tools/lab doctor

	Says what this machine can do by itself: run the scheduler, build it, build
	the module, run guests at full speed; and for what is missing, the remedy.

	exit status: 0 the lab works here, 1 it does not
	EOF
}

help_build_env() {
	cat <<-'EOF'
	usage: tools/lab build-env

	Prints "native" where this machine has all that "make" takes (clang 16,
	libbpf 1.4, bpftool 7.4, hwloc, json-c, gcc, pkg-config), otherwise "root": then
	"tools/lab make" does it.  LANES_BUILD=native or =root overrides.
	EOF
}

cmd_build_env() {
	no_arguments "$@"
	build_env
}

build_env() {
	case ${LANES_BUILD:-} in
	native | root) echo "$LANES_BUILD" ;;
	'') if native_build; then echo native; else echo root; fi ;;
	*) usage_error "LANES_BUILD: '$LANES_BUILD' is not native or root" ;;
	esac
}

native_build() {
	local tool wanted

	while read -r tool wanted; do
		at_least "$(version_of "$tool")" "$wanted" || return 1
	done < <(build_tools)
}

# What the build takes, and from which version on
build_tools() {
	printf '%s\n' 'clang 16' 'libbpf 1.4' 'bpftool 7.4' 'gcc 12' 'pkg-config 0' 'make 4' \
		'hwloc 2.1' 'json-c 0.13'
}

# version_of TOOL: nothing, if it is not here
version_of() {
	case $1 in
	clang) "$(find_clang)" --version | grep -oP '[0-9]+(\.[0-9]+)+' | head -n 1 ;;
	libbpf | hwloc | json-c) pkg-config --modversion "$1" ;;
	bpftool) bpftool version | grep -oP '^bpftool v\K[0-9.]+' ;;
	*) "$1" --version | grep -oP '[0-9]+(\.[0-9]+)+' | head -n 1 ;;
	esac 2>/dev/null || true
}

# The clang that bpf/Makefile takes
find_clang() {
	local clang

	for clang in clang-{21..16} clang; do
		command -v "$clang" && return
	done
}

# at_least HAVE WANT
at_least() { [[ $1 ]] && printf '%s\n' "$2" "$1" | sort -V -C; }

cmd_doctor() {
	no_arguments "$@"
	echo "the scheduler, natively"
	check_sched_ext
	check_btf
	echo "the module, natively"
	check_headers
	check_modules
	echo "building, natively: $(build_env)"
	check_tools
	echo "the lab"
	check_accel
	check_lab
}

# row TEST-STATUS NAME FOUND REMEDY: one line; the remedy only if it is wanted
row() {
	if (($1 == 0)); then
		printf '  ok  %-12s %s\n' "$2" "$3"
	else
		printf '  --  %-12s %s: %s\n' "$2" "$3" "$4"
	fi
}

# holds CMD...: its exit status, as a word for row
holds() { if "$@" &>/dev/null; then echo 0; else echo 1; fi; }

check_sched_ext() {
	local has

	has=$(holds test -e /sys/kernel/sched_ext)
	row "$has" sched_ext "kernel $(uname -r)$( ((has)) && echo ' has none')" \
		'wants CONFIG_SCHED_CLASS_EXT and 6.12; "tools/lab run" does without'
}

check_btf() {
	local btf=/sys/kernel/btf/vmlinux

	if [[ ! -e $btf ]]; then
		row 1 BTF "no $btf" 'wants CONFIG_DEBUG_INFO_BTF; "tools/lab run" does without'
	else
		row "$(holds grep -qaw sched_ext_ops $btf)" BTF $btf \
			'has no sched_ext_ops; a kernel of the lab serves the build'
	fi
}

check_headers() {
	local build

	build=/lib/modules/$(uname -r)/build
	row "$(holds test -e "$build/Makefile")" headers "$build" \
		'not there; install the headers, or use those of "tools/lab kernel 7.3"'
}

check_modules() {
	row "$(holds test -e /proc/modules)" modules /proc/modules \
		'not there, this kernel takes no modules; "tools/lab run" does without'
}

check_tools() {
	local tool wanted have

	while read -r tool wanted; do
		have=$(version_of "$tool")
		row "$(holds at_least "$have" "$wanted")" "$tool" "${have:-not here}" \
			"wants $wanted; \"tools/lab make\" does without"
	done < <(build_tools)
}

check_accel() {
	local how

	how=$(acceleration)
	row "$(holds test "$how" = kvm)" KVM "guests run with $how" \
		'no kvm_intel or kvm_amd here, or no /dev/kvm; slower, but it works'
}

# The lab works if it is privileged and either has everything or can get it
check_lab() {
	local root kernel privileged reachable space status=0

	privileged=$(holds test "$EUID" -eq 0)
	row "$privileged" privilege "user $(id -un)" 'entering the lab root wants root'
	root=$(root_dir)
	kernel=$(newest_kernel)
	row "$(holds root_is_made)" 'lab root' "$root" 'not there yet; "tools/lab root" makes it'
	row "$(holds cached_kernel "$kernel")" "kernel $kernel" "$LANES_CACHE/kernels" \
		"not there yet; \"tools/lab kernel $kernel\" fetches it"
	reachable=$(holds archive_answers)
	row "$reachable" archive "$(archive | cut -d ' ' -f 2)" \
		'does not answer; LANES_MIRROR= names another'
	space=$(free_space)
	row $((space < 6)) space "$space GB free for $LANES_CACHE" 'root and kernels want 6 GB'
	((privileged == 0)) || status=1
	((reachable == 0)) || { root_is_made && cached_kernel "$kernel" >/dev/null; } || status=1
	if ((status)); then die "doctor: the lab cannot work here"; fi
}

root_is_made() { in_root || [[ -e $(root_dir) ]]; }

# Asked with apt's own tool, which knows about proxies
archive_answers() {
	local source

	source=$(archive | cut -d ' ' -f 2)
	[[ $source ]] || return 1
	timeout 20 /usr/lib/apt/apt-helper -o APT::Sandbox::User=root download-file \
		"${source%/}/dists/$LAB_SUITE/Release" "$(mktemp -u)"
}

# in GB, of the nearest directory that exists
free_space() {
	local dir=$LANES_CACHE

	while [[ ! -d $dir ]]; do dir=${dir%/*}; dir=${dir:-/}; done
	df --output=avail -B 1G "$dir" | tail -n 1 | tr -d ' '
}

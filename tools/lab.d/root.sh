# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The lab root: a Debian 13 tree with the compilers, QEMU and virtme-ng.
#
# A root is made once and named by the hash of what is in it, so a changed
# package list makes a new one.  It is made under a name ending in .tmp and
# renamed when complete: what has the right name is whole.
#
# A verb that needs the root calls "inside" with its own command line first.
# On the host that starts it again in the root (same process, same directory,
# same paths, see lab.d/enter); in the root it does nothing.

LAB_SUITE=trixie

help_root() {
	cat <<-'EOF'
	usage: tools/lab root

	Makes the lab root, if it is not there yet, and prints its directory.  Takes
	a minute and 1.5 GB; lab.d/packages says what is in it.

	exit status: 0 it is there, 1 it could not be made
	EOF
}

help_sh() {
	cat <<-'EOF'
	usage: tools/lab sh [-- CMD [ARG...]]

	Becomes CMD, or a shell, in the lab root, in the current directory.  Only
	/usr, /etc and /var are the root's; everything else is the host's.

	exit status: CMD's
	EOF
}

help_make() {
	cat <<-'EOF'
	usage: tools/lab make [ARG...]

	Becomes "make ARG..." in the lab root, at the top of the checkout.

	exit status: make's
	EOF
}

cmd_root() {
	no_arguments "$@"
	need_privilege
	in_root || make_root
	root_dir
}

cmd_sh() {
	[[ ${1:-} != -- ]] || shift
	(($#)) || set -- bash
	become "$@"
}

cmd_make() { become make -C "$LAB_TOP" "$@"; }

# become CMD...: CMD in place of us, in the lab root
become() {
	! in_root || exec "$@"
	need_privilege
	make_root
	enter_root "$@"
}

root_packages() { sed 's/#.*//' "$LAB_D/packages" | tr -s ' \t\n' ' '; }

root_dir() {
	local hash

	hash=$(echo "$LAB_SUITE $(root_packages)" | sha256sum)
	echo "$LANES_CACHE/root-${hash::12}"
}

in_root() { [[ -e /etc/lanes-root ]]; }

# inside VERB ARGS...: make sure that what follows runs in the lab root
inside() {
	in_root || become "$LAB_TOP/tools/lab" "$@"
}

enter_root() {
	exec unshare --mount --propagation private \
		"$LAB_D/enter" "$(root_dir)" "$LANES_CACHE" "$LAB_TOP" "$@"
}

need_privilege() {
	((EUID == 0)) || die "$LAB_VERB: needs root"
}

make_root() {
	local root

	root=$(root_dir)
	[[ ! -e $root ]] || return 0
	mkdir -p "$LANES_CACHE"
	lock root
	if [[ ! -e $root ]]; then
		[[ $(command -v mmdebstrap) ]] ||
			step "root: installing mmdebstrap" install_mmdebstrap
		step "root: creating Debian $LAB_SUITE" bootstrap "$root"
	fi
	unlock
}

install_mmdebstrap() {
	export DEBIAN_FRONTEND=noninteractive
	apt-get install -y --no-install-recommends mmdebstrap ||
		{ apt-get update && apt-get install -y --no-install-recommends mmdebstrap; }
}

# bootstrap ROOT
bootstrap() {
	local root=$1 packages options=$LANES_CACHE/apt.conf source=()

	packages=$(root_packages | sed 's/^ //; s/ $//; s/ /,/g')
	apt_options >"$options"
	mapfile -t source < <(archive)
	rm -rf --one-file-system "$root.tmp"
	mmdebstrap --variant=minbase --include="$packages" --aptopt="$options" \
		--skip=cleanup/apt/lists --setup-hook="$(add_backports)" \
		"$LAB_SUITE" "$root.tmp" "${source[@]}"
	basename "$root" >"$root.tmp/etc/lanes-root"
	mv -T "$root.tmp" "$root"
}

# The archive the host itself uses, as a sources.list line.  Nothing, where
# it uses none: mmdebstrap then knows where Debian is.
archive() {
	local mirror=${LANES_MIRROR:-}

	# shellcheck disable=SC2016 # apt's variable
	[[ $mirror ]] || mirror=$(apt-get indextargets --format '$(REPO_URI)' \
		'Created-By: Packages' 2>/dev/null | grep -m 1 '/debian/\?$') || return 0
	echo "deb $mirror $LAB_SUITE main"
}

# A hook for mmdebstrap: whatever serves the suite also serves its backports
add_backports() {
	# shellcheck disable=SC2016 # the hook's variable
	echo 'cd "$1/etc/apt" && cat sources.list sources.list.d/*.list 2>/dev/null |' \
		"sed -n 's/ $LAB_SUITE main/ $LAB_SUITE-backports main/p'" \
		'>sources.list.d/backports.list'
}

apt_options() {
	echo 'Acquire::Languages "none";'
	echo 'APT::Sandbox::User "root";'
	apt-config dump | grep -iE '^Acquire::https?::Proxy' || true
}

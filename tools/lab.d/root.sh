# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The lab root: a Debian 13 tree with the compilers, QEMU and virtme-ng.
#
# A root is made once and named by the hash of what is in it, so a changed
# package list makes a new one.  It is made under a name ending in .tmp and
# renamed when complete: what has the right name is whole.
#
# A verb that needs the root calls "inside" first.  On the host that starts
# the same command line again in the root (same process, same directory, same
# paths, see lab.d/enter); in the root it does nothing.

LAB_SUITE=trixie

root_packages() { sed 's/#.*//' "$LAB_D/packages" | tr -s ' \t\n' ' '; }

root_dir() {
	local hash

	hash=$(echo "$LAB_SUITE $(root_packages)" | sha256sum)
	echo "$LANES_CACHE/root-${hash::12}"
}

in_root() { [[ -e /etc/lanes-root ]]; }

# inside VERB ARGS...: make sure that what follows runs in the lab root
inside() {
	! in_root || return 0
	need_privilege
	make_root
	enter_root "$LAB" "$@"
}

enter_root() {
	exec unshare --mount --propagation private \
		"$LAB_D/enter" "$(root_dir)" "$LANES_CACHE" "$LAB_TOP" "$@"
}

need_privilege() {
	((EUID == 0)) || die "tools/lab $LAB_VERB: needs root"
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
	# shellcheck disable=SC2016 # $1 is for the hook
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

	[[ $mirror ]] || mirror=$(apt-get indextargets --format '$(REPO_URI)' \
		'Created-By: Packages' 2>/dev/null | grep -m 1 '/debian/\?$') || return 0
	echo "deb $mirror $LAB_SUITE main"
}

# A hook for mmdebstrap: whatever serves the suite also serves its backports
add_backports() {
	echo 'cd "$1/etc/apt" && cat sources.list sources.list.d/*.list 2>/dev/null |' \
		"sed -n 's/ $LAB_SUITE main/ $LAB_SUITE-backports main/p'" \
		'>sources.list.d/backports.list'
}

apt_options() {
	echo 'Acquire::Languages "none";'
	echo 'APT::Sandbox::User "root";'
	apt-config dump | grep -iE '^Acquire::https?::Proxy' || true
}

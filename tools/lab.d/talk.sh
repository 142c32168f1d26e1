# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the lab says, and how it waits.
#
# Results go to stdout, all talk to stderr.  Anything slow is a step: a
# command that runs in a process group of its own with its output in a log,
# while one line counts the seconds.  Whatever ends the lab ends its steps.

info() { printf 'lab: %s\n' "$*" >&2; }

# fail STATUS MESSAGE...
fail() {
	local status=$1
	shift
	info "$*"
	exit "$status"
}

die() { fail 1 "$@"; }

usage_error() { fail 2 "$* (see tools/lab --help)"; }

no_arguments() { (($# == 0)) || usage_error "$LAB_VERB: takes no argument '$1'"; }

# Process groups to end when the lab ends, and what else is to be undone.
LAB_JOBS=()
LAB_UNDO=()

clean_up() {
	local job act

	for job in "${LAB_JOBS[@]}"; do
		kill -- "-$job" 2>/dev/null || true
	done
	for act in "${LAB_UNDO[@]}"; do
		eval "$act" || true
	done
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# spawn CMD...: start CMD in a process group of its own; its id is in $SPAWNED
spawn() {
	set -m
	"$@" &
	SPAWNED=$!
	set +m
	LAB_JOBS+=("$SPAWNED")
}

# A descriptor that never has anything to read: "read -t" on it is a sleep
# that leaves no process behind.
exec {LAB_NAP}<> <(:)

nap() { read -rt "$1" -u "$LAB_NAP" || true; }

# count_seconds TITLE: the progress line of a step, from its third second on
count_seconds() {
	local title=$1 seconds=2

	nap 2
	[[ -t 2 ]] || info "$title ..."
	while [[ -t 2 ]]; do
		printf '\r\033[Klab: %s: %d s' "$title" "$seconds" >&2
		nap 1
		seconds=$((seconds + 1))
	done
}

# step TITLE CMD...: run CMD with its output in log/TITLE.log; its failure is
# the lab's
step() {
	local title=$1 log start=$SECONDS job ticker status=0
	shift
	log=$LANES_CACHE/log/${title//[^[:alnum:].+-]/_}.log
	mkdir -p "${log%/*}"

	spawn "$@" >"$log" 2>&1 </dev/null
	job=$SPAWNED
	spawn count_seconds "$title"
	ticker=$SPAWNED
	wait "$job" || status=$?
	end_ticker "$ticker"
	((status == 0)) || fail_step "$title" "$log"
	((SECONDS - start <= 2)) || info "$title: $((SECONDS - start)) s"
}

end_ticker() {
	kill -- "-$1" 2>/dev/null || true
	wait "$1" 2>/dev/null || true
	[[ ! -t 2 ]] || printf '\r\033[K' >&2
}

fail_step() {
	tail -n 20 "$2" | sed 's/^/  | /' >&2
	die "$1: failed, see $2"
}

# lock NAME, unlock: one lab at a time does what NAME stands for
lock() {
	exec {LAB_LOCK}>"$LANES_CACHE/lock.$1"
	flock --nonblock "$LAB_LOCK" && return
	info "$1: another lab is at it, waiting"
	flock "$LAB_LOCK"
}

unlock() { exec {LAB_LOCK}>&-; }

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC3043
#
# KTAP for the tests written in shell, bash and busybox alike. One file is one
# claim, and its name is the file's:
#
#	#!/bin/sh
#	# description: the table has one row a CPU
#	# cpus: 2
#	. "${0%/*}/../ktap.sh"
#
#	[ -e "$table" ] || ktap_skip "no debugfs in this kernel"
#	ktap_defer rmmod lanes
#	ktap_expect "one row a CPU" [ "$(rows)" -eq "$(nproc)" ]
#	ktap_wait_for 10 "the row to go" has_no_row 1
#
# What ktap_defer was given runs at the end, last one first, on every path out:
# failure, skip, signal. The file ends with 0 when the claim holds, 1 when it
# does not, 4 when it could not be asked.

KTAP_NAME=${0##*/}
KTAP_NAME=${KTAP_NAME%.sh}
KTAP_REASON=
KTAP_DEFERRED=

ktap_diag()
{
	echo "# $*"
}

# ktap_fail REASON: the claim does not hold.
ktap_fail()
{
	ktap_diag "$*"
	exit 1
}

# ktap_skip REASON: this machine cannot tell; the reason names what is missing.
ktap_skip()
{
	KTAP_REASON=$*
	exit 4
}

# ktap_defer COMMAND...: run this one line at the end. A restoring command that
# fails fails the test: the next one would find a machine it does not expect.
ktap_defer()
{
	KTAP_DEFERRED="$*
$KTAP_DEFERRED"
}

# ktap_expect WHAT COMMAND...: the command must succeed.
ktap_expect()
{
	local what="$1"

	shift
	"$@" || ktap_fail "expected $what: $*"
}

# ktap_wait_for SECONDS WHAT COMMAND...: until the command succeeds, at most
# that long.
ktap_wait_for()
{
	local deadline what="$2" seconds="$1"

	shift 2
	deadline=$(($(ktap_uptime) + seconds))
	until "$@"; do
		[ "$(ktap_uptime)" -lt "$deadline" ] ||
			ktap_fail "waited $seconds s for $what: $*"
		sleep 0.1
	done
}

# Whole seconds since boot: no test depends on the wall clock.
ktap_uptime()
{
	local uptime

	read -r uptime _ </proc/uptime
	echo "${uptime%%.*}"
}

ktap_run_deferred()
{
	local command status=0

	while read -r command; do
		[ -z "$command" ] || eval "$command" </dev/null || {
			ktap_diag "could not restore: $command"
			status=1
		}
	done <<-END
		$KTAP_DEFERRED
	END
	return $status
}

ktap_end()
{
	local status="$1"

	trap - EXIT
	ktap_run_deferred || status=1
	case $status in
	0) echo "ok 1 $KTAP_NAME" ;;
	4) echo "ok 1 $KTAP_NAME # SKIP $KTAP_REASON" ;;
	*)
		status=1
		echo "not ok 1 $KTAP_NAME"
		;;
	esac
	ktap_totals "$status"
	exit "$status"
}

ktap_totals()
{
	case $1 in
	0) echo "# Totals: pass:1 fail:0 skip:0" ;;
	4) echo "# Totals: pass:0 fail:0 skip:1" ;;
	*) echo "# Totals: pass:0 fail:1 skip:0" ;;
	esac
}

echo "KTAP version 1"
echo "1..1"
trap 'ktap_end $?' EXIT
trap 'exit 1' HUP INT TERM

# A line "CLAIM REASON" of this file: the claim is not asked this time.
if [ -n "${LANES_TEST_DIFFERS:-}" ]; then
	KTAP_REASON=$(sed -n "s/^$KTAP_NAME //p" "$LANES_TEST_DIFFERS")
	[ -z "$KTAP_REASON" ] || exit 4
fi

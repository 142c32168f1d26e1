#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a wrong option gets one line naming it, its value and the limit, and exit 2
. "${0%/*}/../ktap.sh"

program=${SCX_LANES:-build/scx_lanes}

# rejects TEXT OPTION...: exit 2 and one line on stderr that has TEXT in it
rejects()
{
	want=$1
	shift
	said=$("$program" "$@" 2>&1 >/dev/null)
	status=$?
	[ "$status" = 2 ] || ktap_fail "$*: exit $status instead of 2: $said"
	[ "$(echo "$said" | wc -l)" = 1 ] || ktap_fail "$*: more than one line: $said"
	case $said in
	*"$want"*) ;;
	*) ktap_fail "$*: '$said' does not say '$want'" ;;
	esac
}

rejects "--slice-us: 0 is below 100" --slice-us 0
rejects "--slice-us: 100001 is above 100000" -s 100001
rejects "--slice-us: '12x' is not a number" --slice-us=12x
rejects "--slice-us: '-5' is not a number" -s -5
rejects "--slice-us: 99999999999999999999 is above 100000" -s 99999999999999999999
rejects "--stats: 3601 is above 3600" --stats 3601
rejects "--monitor: 0 is below 1" --monitor 0
rejects "--without: 'nothing' is no part" --without prev,nothing
rejects "--without: '' is no part" --without prev,
rejects "--bogus: unknown option" --bogus
rejects "-x: unknown option" -x
rejects "-x: unknown option" -xv
rejects "--partial=1: takes no value" --partial=1
rejects "--slice-us: needs a value" --slice-us
rejects "extra: takes no arguments" extra

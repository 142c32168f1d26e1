#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a wrong option, rule or word gets one line naming it and its limit, and exit 2
. "${0%/*}/../ktap.sh"

# rejects TEXT WORD...: exit 2 and one line on stderr that has TEXT in it
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

program=${SCX_LANES:-build/scx_lanes}

rejects "--slice-us: 0 is below 100" --slice-us 0
rejects "--slice-us: 100001 is above 100000" -s 100001
rejects "--slice-us: '12x' is not a number" --slice-us=12x
rejects "--slice-us: '' is not a number" --slice-us=
rejects "--slice-us: -5 is below 100" -s -5
rejects "--slice-us: 99999999999999999999 is above 100000" -s 99999999999999999999
rejects "--keep-local: 1025 is above 1024" --keep-local 1025
rejects "--place: 'far' is none of least-loaded|round-robin|numa" --place far
rejects "--place: '' is none of" --place ''
rejects "--steal: 'mess' is none of direct|messenger" --steal mess
rejects "--trace: 4 is above 3" --trace 4
rejects "--stats: 3601 is above 3600" --stats 3601
rejects "--monitor: 0 is below 1" --monitor 0
rejects "--discipline: 'fair' is none of vruntime" --discipline fair
rejects "--weights: is no option of discipline 'vruntime'" --weights moss
rejects "--weights: is no option of discipline 'dwrr'" --discipline dwrr --weights linux
rejects "--weights: 'steep' is none of linux|moss" --discipline eevdf --weights steep
rejects "--list-disciplines=1: takes no value" --list-disciplines=1
rejects "--without: 'nothing' is no part" --without prev,nothing
rejects "--without: '' is no part" --without prev,
rejects "--bogus: unknown option" --bogus
rejects "-x: unknown option" -x
rejects "-x: unknown option" -xv
rejects "--partial=1: takes no value" --partial=1
rejects "--slice-us: needs a value" --slice-us
rejects "extra: takes no arguments" extra

rejects "--rt-rule: 'fast' is none of" --rt-rule comm=cat,fast
rejects "--rt-rule: no condition" --rt-rule prio=5
rejects "--rt-rule: no priority" --rt-rule comm=cat
rejects "--rt-rule: prio: 100 is above 99" --rt-rule comm=cat,prio=100
rejects "--rt-rule: nice: -21 is below -20" --rt-rule 'nice<=-21,prio=5'
rejects "--rt-rule: uclamp-min: 1025 is above 1024" --rt-rule 'uclamp-min>=1025,prio=5'
rejects "--rt-rule: policy: 'best' is none of fifo|rr" --rt-rule comm=cat,prio=5,policy=best
rejects "--rt-rule: quantum-us: only with policy=rr" --rt-rule comm=cat,prio=5,quantum-us=500
rejects "--rt-rule: comm: 'a*b' is no name" --rt-rule 'comm=a*b,prio=5'
rejects "--rt-rule: comm: 'longer-than-a-name' is no name" --rt-rule comm=longer-than-a-name,prio=5
rejects "--rt-rule: cgroup: /sys/fs/cgroup/no/such: No such file" --rt-rule cgroup=/no/such,prio=5
rejects "--rt-rules: /no/such: No such file" --rt-rules /no/such

rules=$(mktemp)
ktap_defer rm -f "$rules"
printf '# comment\n\n  comm=cat,prio=5  \nprio=5\n' >"$rules"
rejects "$rules:4: no condition" --rt-rules "$rules"
yes comm=cat,prio=5 | head -n 33 >"$rules"
rejects "$rules:33: more than 32 rules" --rt-rules "$rules"

program=${LANESCTL:-build/lanesctl}

rejects "needs a verb"
rejects "fly: unknown verb" fly
rejects "rt: is followed by set, clear or list" rt
rejects "status: 'now' is one word too many" status now
rejects "--prio: is no option of 'top'" top --prio 5
rejects "--tasks: 0 is below 1" top -n 0
rejects "task: needs TID" task

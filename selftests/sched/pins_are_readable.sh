#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: cat shows lanes and tasks as tables; pins end with scx_lanes, or with the next start
# cpus: 2
. "${0%/*}/instance.inc"

# is_table FILE: each line has as many words as the heading, and numbers where it has
is_table()
{
	awk 'NR == 1 { nr = NF; next }
	     NF < nr || $1 !~ /^[0-9]+$/ { print "# " $0; bad = 1 }
	     END { exit bad || NR < 2 }' "$PINS/$1"
}

# has_row FILE NUMBER: a line begins with it
has_row()
{
	awk -v first="$2" '$1 == first { found = 1 } END { exit !found }' "$PINS/$1"
}

has_no_row()
{
	! has_row "$@"
}

# runs_on_1 PID: others do for a moment, such as who looks
runs_on_1()
{
	[ "$(awk '$1 == 1 { print $3 }' $PINS/runqueues)" = "$1" ]
}

start_lanes
start taskset -c 1 sh -c 'while :; do :; done'
sleep 1
for view in runqueues tasks top; do
	ktap_expect "a table" is_table $view
done
ktap_expect "a line for each CPU" [ "$(awk 'NR > 1' $PINS/runqueues | wc -l)" = 2 ]
ktap_expect "the hog among the tasks" has_row tasks "$pid"
ktap_expect "the hog among those that run" has_row top "$pid"
ktap_wait_for 5 "CPU 1 to run it" runs_on_1 "$pid"
# Its name would end the line and colour what follows
# shellcheck disable=SC2016 # its own pid
start sh -c 'printf "a\nb\033[31m" >/proc/$$/comm; kill -STOP $$'
ktap_wait_for 5 "a sleeper to leave those that run" has_no_row top "$pid"
ktap_expect "the sleeper among the tasks" has_row tasks "$pid"
ktap_expect "its name in one piece" grep -q "^ *$pid .* a?b?\[31m$" $PINS/tasks

kill_lanes
ktap_expect "the pins to outlive kill -9" [ -e $PINS/top ]
says 1 "no instance of scx_lanes is running" "$LANESCTL" status
start_lanes
ktap_expect "the pins of the new one" is_table runqueues
stop_lanes
ktap_expect "no pins after the end" [ ! -e $PINS ]

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# The scenarios that take more than a program: what tools/bench/scenarios calls
# run_*. They find $scheduler, its name, $loader, the process that attached it
# (nothing for the kernel's own), and $scratch, a directory.

# run_hackbench --process|--threads|--pipe: over sockets but for the last, which has processes
run_hackbench() {
	hackbench "$1" -g 1 -f 10 -l 300 | sed -n 's/^Time: /result - s /p'
}

# run_cyclictest HOGS
run_cyclictest() {
	local hogs=() i

	for ((i = 0; i < $1; i++)); do
		burn &
		hogs+=($!)
	done
	cyclictest --policy=other --interval=4900 --loops=200 --quiet |
		sed -n 's/^T:.*Avg: *\([0-9]*\) Max: *\([0-9]*\).*/result avg us \1\nresult max us \2/p'
	kill "${hogs[@]}"
}

# run_designated HOGS: the sleeper as a real-time task of scx_lanes, beside a
# native one of the kernel's own scheduler; the others have none. Of 200 wakeups the
# 99.9th percentile would be the maximum, which is a matter of luck for both.
run_designated() {
	case $scheduler in
	scx_lanes*)
		[[ -x build/lanesctl ]] || { echo "no build/lanesctl to designate with" >&2; return 1; }
		# shellcheck disable=SC2016 # the sleeper sets it
		sleeper 4900 2000 "$1" designate 'build/lanesctl rt set $TID --policy fifo --prio 50 >&2'
		;;
	eevdf) sleeper 4900 2000 "$1" fifo ;;
	esac
}

# One line for each BPF program of a scheduler: name, ns, runs
bpf_counts() {
	bpftool prog show | sed -n 's/.*struct_ops  name \([a-z_]*\) .* run_time_ns \([0-9]*\) run_cnt \([0-9]*\).*/\1 \2 \3/p'
}

# run_callbacks ROUNDS: what each callback costs while two tasks take turns, and
# all of them for a round trip, the counting (some 50 instructions a call) included
run_callbacks() {
	[[ $loader ]] || return 0
	echo 1 >/proc/sys/kernel/bpf_stats_enabled
	bpf_counts >"$scratch/before"
	pipe "$1" 0 0 >/dev/null
	bpf_counts >"$scratch/after"
	echo 0 >/proc/sys/kernel/bpf_stats_enabled
	awk -v rounds=$(($1 + $1 / 8)) '
	NR == FNR { ns[$1] = $2; runs[$1] = $3; next }
	{ total += $2 - ns[$1]; calls = $3 - runs[$1]; name = $1; sub(/^[a-z]*_/, "", name) }
	calls >= rounds { printf "result %s ns %.1f\n", name, ($2 - ns[$1]) / calls }
	END { if (total) printf "result round-trip ns %.1f\n", total / rounds }' "$scratch/before" "$scratch/after"
}

# run_loader SECS: what the loader needs while it serves statistics
run_loader() {
	local before after

	[[ $loader ]] || return 0
	read -r before _ <"/proc/$loader/schedstat"
	sleep "$1"
	read -r after _ <"/proc/$loader/schedstat"
	echo "result cpu us/s $(((after - before) / 1000 / $1))"
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/result memory KiB \1/p' "/proc/$loader/status"
}

# run_timeline SECS: who ran when on which CPU, for a while of the desktop
run_timeline() {
	local tracing=/sys/kernel/tracing

	# What follows is not to be seen in it.
	chrt -f -p 50 $BASHPID
	echo 8192 >$tracing/buffer_size_kb
	echo 1 >$tracing/events/sched/sched_switch/enable
	echo 0 >$tracing/tracing_on
	chrt -o 0 desktop 20 >/dev/null &
	sleep 0.1
	echo >$tracing/trace
	echo 1 >$tracing/tracing_on
	sleep "$1"
	echo 0 >$tracing/tracing_on
	echo 0 >$tracing/events/sched/sched_switch/enable
	sed -n 's/.*\[\([0-9]*\)\] .* \([0-9.]*\): sched_switch: .* next_comm=\(.*\) next_pid=\([0-9]*\) .*/switch \1 \2 \4 \3/p' $tracing/trace
	wait
}

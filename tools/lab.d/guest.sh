# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Guests: a command run in a kernel of the table, in a QEMU machine.
#
# Two kinds of guest, one protocol.  How a guest gets its files differs
# (guest-fast.sh: an initramfs; guest-vng.sh: the lab root through virtiofs);
# what connects it to us does not: four serial ports, which every kernel has
# built in.  QEMU's monitor is a fifth wire, for when a guest hangs.
#
#   ttyS0  the kernel's log                        -> a file
#   ttyS1  the command's terminal                  <-> two fifos
#   ttyS2  "started", then "exit STATUS"           -> a file
#   ttyS3  a tar archive of what is in $LANES_OUT  -> a file
#
# In the guest, lab.d/guest-run is the other end.  A guest that ends without
# having said "exit" has died, whatever else it printed.
#
# QEMU never owns our terminal: it is in a process group of its own, so that a
# Ctrl-C, typed or sent as a signal, becomes a byte on ttyS1 and interrupts
# the command, not the machine.

help_run() {
	cat <<-'EOF'
	usage: tools/lab run [OPTION...] [--] CMD [ARG...]

	Runs CMD in a virtual machine, from this checkout, and exits with its status.
	The machine has the lab root's programs and sees the checkout at its path;
	what CMD writes there is gone with the machine, but for $LANES_OUT (--out).

	  -k, --kernel VER        kernel, one of "tools/lab kernels" (the newest)
	  -c, --cpus N            virtual CPUs (2)
	  -m, --memory SIZE       memory, as QEMU takes it (1G)
	      --topology S,C,T    sockets, cores in each, threads in each
	      --fast              a small machine that starts in seconds: it has the
	                          checkout's build/, tools/ and selftests/ and a few
	                          programs, but no kernel modules
	      --timeout SECS      end the machine after so long (600)
	      --out DIR           what CMD wrote to $LANES_OUT comes to DIR
	      --log FILE          the kernel's log (build/lab/VER.log)
	      --append ARGS       more for the kernel's command line
	      --qemu OPTS         more for QEMU's
	      --dry-run           print QEMU's command line instead

	Ctrl-C, or SIGINT or SIGTERM to tools/lab, interrupts CMD; three of them end
	the machine.

	exit status: CMD's, or 124 timed out, 125 the machine died (a panic, say),
	1 it could not be started, 2 usage, 130 interrupted before CMD started
	EOF
}

cmd_run() {
	GUEST_KERNEL=$(newest_kernel) GUEST_CPUS='' GUEST_MEMORY=1G GUEST_TOPOLOGY=''
	GUEST_KIND=vng GUEST_TIMEOUT=600 GUEST_OUT='' GUEST_LOG='' GUEST_APPEND=''
	GUEST_QEMU=() GUEST_DRY='' GUEST_CMD=()

	parse_run "$@"
	inside run "$@"
	need_kernel "$GUEST_KERNEL"
	GUEST_DIR=$(cached_kernel "$GUEST_KERNEL")
	choose_guest
	run_guest
}

parse_run() {
	while (($#)); do
		case $1 in
		--fast) GUEST_KIND=fast ;;
		--dry-run) GUEST_DRY=yes ;;
		--) shift; break ;;
		-*)
			(($# > 1)) || usage_error "run: $1: wants a value, or there is no such option"
			parse_valued "$1" "$2"
			shift
			;;
		*) break ;;
		esac
		shift
	done
	(($#)) || usage_error "run: no command given"
	GUEST_CMD=("$@")
	settle_topology
}

parse_valued() {
	case $1 in
	-k | --kernel) kernel_row "$2" >/dev/null; GUEST_KERNEL=$2 ;;
	-c | --cpus) GUEST_CPUS=$(number_within "$1" "$2" 1 255) ;;
	-m | --memory) GUEST_MEMORY=$2 ;;
	--topology) GUEST_TOPOLOGY=$2 ;;
	--timeout) GUEST_TIMEOUT=$(number_within "$1" "$2" 1 1000000) ;;
	--out) GUEST_OUT=$(realpath -m "$2") ;;
	--log) GUEST_LOG=$(realpath -m "$2") ;;
	--append) GUEST_APPEND=$2 ;;
	--qemu) read -ra GUEST_QEMU <<<"$2" ;;
	*) usage_error "run: no option '$1'" ;;
	esac
}

number_within() {
	[[ $2 =~ ^[0-9]+$ ]] || usage_error "run: $1: '$2' is not a number"
	((10#$2 >= $3)) || usage_error "run: $1: $2 is below $3"
	((10#$2 <= $4)) || usage_error "run: $1: $2 is above $4"
	echo $((10#$2))
}

# The shape of the machine: GUEST_SMP is what QEMU is told
settle_topology() {
	local sockets cores threads

	GUEST_SMP=${GUEST_CPUS:-2}
	[[ $GUEST_TOPOLOGY ]] || return 0
	[[ $GUEST_TOPOLOGY =~ ^[1-9][0-9]*,[1-9][0-9]*,[1-9][0-9]*$ ]] ||
		usage_error "run: --topology: '$GUEST_TOPOLOGY' is not SOCKETS,CORES,THREADS"
	IFS=, read -r sockets cores threads <<<"$GUEST_TOPOLOGY"
	GUEST_SMP=$((sockets * cores * threads))
	((GUEST_SMP == ${GUEST_CPUS:-$GUEST_SMP})) ||
		usage_error "run: --topology: $GUEST_TOPOLOGY is $GUEST_SMP CPUs, --cpus says $GUEST_CPUS"
	GUEST_SMP+=,sockets=$sockets,cores=$cores,threads=$threads
}

# A guest on virtiofs takes modules, which some kernels of the table lack.
choose_guest() {
	[[ $GUEST_KIND == vng && ! -d $GUEST_DIR/lib/modules ]] || return 0
	info "kernel $GUEST_KERNEL: has no modules, running it as with --fast"
	GUEST_KIND=fast
}

run_guest() {
	local status=0

	GUEST_WIRE=$(mktemp -d --tmpdir lanes-guest.XXXXXX)
	GUEST_KEPT=${GUEST_LOG:-$LAB_TOP/build/lab/$GUEST_KERNEL.log}
	GUEST_LOG=$GUEST_WIRE/log
	mkdir -p "${GUEST_KEPT%/*}"
	: >"$GUEST_LOG"
	LAB_UNDO+=(leave_guest)
	mkdir "$GUEST_WIRE/lab"
	cp "$LAB_D/guest-run" "$GUEST_WIRE/lab"
	describe_terminal
	write_job >"$GUEST_WIRE/lab/job"
	"prepare_$GUEST_KIND"
	[[ ! $GUEST_DRY ]] || { printf '%q ' "${GUEST_ARGV[@]}"; echo; return 0; }
	attempt_guest || status=$?
	if try_again "$status"; then
		status=0
		attempt_guest || status=$?
	fi
	report_guest "$status"
}

# try_again STATUS: once, and never without a word
try_again() {
	if qemu_aborted "$1"; then
		info "run: QEMU aborted, trying once more: $(tail -n 1 "$GUEST_WIRE/qemu.log")"
	elif (($1 == STUCK)); then
		info "run: command not begun after $(boot_secs) s, trying once more; where the" \
			"processors were: ${GUEST_KEPT#"$LAB_TOP/"}.stuck"
	elif died_early "$1"; then
		show_log
		info "run: the machine died before the command began (QEMU: $1), trying once more"
	else
		return 1
	fi
}

# The log gets its name when it is complete: guests may share the default one.
leave_guest() {
	mv "$GUEST_LOG" "$GUEST_KEPT"
	rm -rf "$GUEST_WIRE"
}

# qemu_aborted STATUS: did it fail an assertion of its own?  That is no fault
# of what runs in it, and rare enough to be tried again.  (virtme-ng keeps
# QEMU's status to itself.)
qemu_aborted() {
	! grep -qs exit "$GUEST_WIRE/status" || return 1
	(($1 == 134)) || grep -q 'Assertion.*failed' "$GUEST_WIRE/qemu.log"
}

# died_early STATUS: by itself, before it came to the command, which can have no part in
# that.  With 1 QEMU did not begin at all.
died_early() {
	[[ $GUEST_CUT == 0 && $GUEST_INTERRUPTS == 0 && $1 != 1 && ! -s $GUEST_WIRE/status ]]
}

# How long a machine may take to come to its command.  Kernels of 7.3 hang at
# boot now and then, under emulation on a busy host, and say nothing; the
# slowest seen that did not took 82 s, with eight machines on two processors.
# With KASAN, 151 s by itself.
boot_secs() {
	if [[ ${LANES_BOOT_SECS:-} ]]; then
		number_within LANES_BOOT_SECS "$LANES_BOOT_SECS" 1 1000000
	elif [[ $GUEST_KERNEL == *-debug ]]; then
		echo 900
	else
		echo 300
	fi
}

# What attempt_guest returns for a machine that did not: as by SIGALRM
STUCK=142

# Three looks at the processors of a machine that hangs, and its log so far
keep_evidence() {
	local look

	exec {GUEST_MONITOR}<>"$GUEST_WIRE/monitor.in"
	for look in 1 2 3; do
		echo "info registers -a" >&"$GUEST_MONITOR"
		nap 1
	done
	timeout 5 cat "$GUEST_WIRE/monitor.out" | tr -d '\r' >"$GUEST_KEPT.stuck" || true
	exec {GUEST_MONITOR}>&-
	cat "$GUEST_LOG" >>"$GUEST_KEPT.stuck"
}

# What the command's terminal is like: ours, if there is somebody at it
describe_terminal() {
	local rows columns

	GUEST_STDIN=/dev/null GUEST_TTY='-echo -onlcr' GUEST_TERM=dumb
	on_terminal || return 0
	GUEST_STDIN=/dev/ttyS1
	[[ -t 1 ]] || return 0
	read -r rows columns <<<"$(stty size)"
	GUEST_TTY="rows $rows cols $columns" GUEST_TERM=${TERM:-dumb}
}

# What the guest reads: what to run, where, and with which terminal
write_job() {
	echo "job_dir=$(quoted "$LAB_TOP") job_stdin=$GUEST_STDIN job_tty=$(quoted "$GUEST_TTY")"
	echo "export TERM=$(quoted "$GUEST_TERM") LANES_KERNEL=$GUEST_KERNEL"
	echo "set -- $(quoted "${GUEST_CMD[@]}")"
}

# quoted WORD...: for any shell (printf %q is for bash)
quoted() {
	local word

	for word in "$@"; do
		printf "'%s' " "${word//\'/\'\\\'\'}"
	done
}

# Are we what the person at the terminal is talking to?
on_terminal() {
	[[ -t 0 && $(ps -o tpgid= -p $$) -eq $(ps -o pgid= -p $$) ]]
}

# How the machine runs, for QEMU and for the kernel in it.
#
# tsc=reliable: 7.3 checks the TSC against other CPUs' in watchdog_check_skew(),
# which on a busy host spins with interrupts off for ever, once in 50 boots.
# Emulated TSCs are one and the same.
#
# no_timer_check: on a busy host ten ticks do not come in the time that the
# kernel gives them, one boot in seven.  Then it takes the timer for unconnected
# and tries other wirings, each with interrupts off and waiting for the next.
#
# nokaslr: so that the processors of a machine that hangs tell where they are.
machine_args() {
	local how

	how=$(acceleration)
	GUEST_BOOT='panic=-1 tsc=reliable no_timer_check nokaslr'
	case $how in
	tcg) GUEST_MACHINE=(-accel tcg -cpu max) ;;
	kvm)
		GUEST_MACHINE=(-accel kvm -cpu host)
		GUEST_BOOT=panic=-1
		;;
	icount)
		GUEST_MACHINE=(-accel "tcg,thread=single" -icount "shift=0,sleep=off" -cpu max)
		GUEST_BOOT='panic=-1 tsc=reliable nokaslr norandmaps random.trust_cpu=on'
		;;
	esac
	[[ $GUEST_KERNEL != *-debug ]] || GUEST_BOOT+=" $(debug_args)"
}

# KASAN falls silent after its first report, and has a false one at boot where
# an interrupt comes while identify_cpu() has forgotten that paging has 5 levels.
debug_args() { echo no5lvl kasan_multi_shot; }

# Its wires
wire_args() {
	GUEST_WIRES=(
		-chardev "file,id=log,path=$GUEST_LOG" -device "isa-serial,index=0,chardev=log"
		-chardev "pipe,id=command,path=$GUEST_WIRE/command" -device "isa-serial,index=1,chardev=command"
		-chardev "file,id=status,path=$GUEST_WIRE/status" -device "isa-serial,index=2,chardev=status"
		-chardev "file,id=out,path=$GUEST_WIRE/out.tar" -device "isa-serial,index=3,chardev=out"
		-chardev "pipe,id=monitor,path=$GUEST_WIRE/monitor" -mon "chardev=monitor,mode=readline"
	)
}

# KVM only where it is the processor's own: under a paravirtual hypervisor
# /dev/kvm opens, and then a stock kernel hangs without a word.
acceleration() {
	case ${LANES_ACCEL:-} in
	kvm | tcg | icount) echo "$LANES_ACCEL" ;;
	'')
		if [[ (-e /sys/module/kvm_intel || -e /sys/module/kvm_amd) && -w /dev/kvm ]]; then
			echo kvm
		else
			echo tcg
		fi
		;;
	*) usage_error "LANES_ACCEL: '$LANES_ACCEL' is not kvm, tcg or icount" ;;
	esac
}

# attempt_guest: one boot; returns what QEMU returned, or why we ended it: 124
# for the deadline, STUCK when it did not come to its command, 141 (as by SIGPIPE)
# because nobody reads our output any more
attempt_guest() {
	local qemu pump status=0

	rm -f "$GUEST_WIRE"/{command,monitor}.{in,out} "$GUEST_WIRE"/{status,out.tar}
	mkfifo "$GUEST_WIRE"/{command,monitor}.{in,out}
	exec {GUEST_IN}<>"$GUEST_WIRE/command.in" {GUEST_HOLD}<>"$GUEST_WIRE/command.out"
	spawn pump_output
	pump=$SPAWNED
	spawn start_qemu
	qemu=$SPAWNED

	take_terminal
	watch_guest "$qemu" "$pump"
	wait "$qemu" 2>/dev/null || status=$?
	give_terminal
	exec {GUEST_HOLD}>&-
	wait "$pump" || true
	exec {GUEST_IN}>&-
	return $((GUEST_CUT ? GUEST_CUT : status))
}

# We hold the output fifo open until QEMU has ended, and nobody else does: so
# the pump sees no end before QEMU has opened it, and one when it is done.
pump_output() {
	exec <"$GUEST_WIRE/command.out"
	exec {GUEST_HOLD}>&-
	exec cat
}

start_qemu() {
	exec {GUEST_HOLD}>&- </dev/null >"$GUEST_WIRE/qemu.log" 2>&1
	exec setpriv --pdeathsig KILL "${GUEST_ARGV[@]}"
}

# watch_guest QEMU PUMP: until QEMU ends, or has to
watch_guest() {
	local deadline=$((SECONDS + GUEST_TIMEOUT)) boot_deadline

	boot_deadline=$((SECONDS + $(boot_secs)))
	GUEST_CUT=0
	while running "$1"; do
		is_in_time "$boot_deadline" || { GUEST_CUT=$STUCK; keep_evidence; }
		((SECONDS < deadline)) || { GUEST_CUT=124; keep_evidence; }
		running "$2" || GUEST_CUT=141
		((!GUEST_CUT)) || kill -KILL -- "-$1" 2>/dev/null || true
		nap 0.1
	done
}

# is_in_time DEADLINE: the first word of a guest is that its command has begun
is_in_time() { [[ -s $GUEST_WIRE/status ]] || ((SECONDS < $1)); }

running() { kill -0 "$1" 2>/dev/null; }

# While a guest runs, typed keys go to it as they are, and a signal is a
# Ctrl-C.
take_terminal() {
	GUEST_INTERRUPTS=0 GUEST_INTERRUPTED=-1
	trap interrupt_guest INT TERM HUP
	on_terminal || return 0
	GUEST_STTY=$(stty -g)
	LAB_UNDO+=('give_terminal')
	stty -icanon -isig -echo -icrnl -ixon -iexten min 1
	[[ ! -t 1 ]] || stty -opost
	cat <&0 >&"$GUEST_IN" &
	GUEST_TYPIST=$!
}

give_terminal() {
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	[[ ${GUEST_STTY:-} ]] || return 0
	kill "$GUEST_TYPIST" 2>/dev/null || true
	stty "$GUEST_STTY"
	GUEST_STTY=
}

# timeout(1) signals us twice, as its child and as a member of its group; that
# counts once.
interrupt_guest() {
	((SECONDS > GUEST_INTERRUPTED)) || return 0
	GUEST_INTERRUPTED=$SECONDS
	GUEST_INTERRUPTS=$((GUEST_INTERRUPTS + 1))
	grep -qs started "$GUEST_WIRE/status" || fail 130 "run: interrupted before the command started"
	((GUEST_INTERRUPTS < 3)) || fail 130 "run: interrupted three times, machine ended"
	printf '\003' >&"$GUEST_IN"
}

# report_guest STATUS: end as the command did, or say what became of the guest
report_guest() {
	local status

	status=$(sed -n "s/^exit //p" "$GUEST_WIRE/status" 2>/dev/null) || true
	[[ $status ]] || fail_guest "$1"
	if [[ $GUEST_OUT ]]; then
		mkdir -p "$GUEST_OUT"
		tar -C "$GUEST_OUT" -xf "$GUEST_WIRE/out.tar" || die "run: --out: $GUEST_OUT: could not be filled"
	fi
	exit "$status"
}

# The end of what the machine has to say, and QEMU
show_log() {
	tr -d '\r' <"$GUEST_LOG" | tail -n 40 | sed 's/^/  | /' >&2
	sed 's/^/  | /' "$GUEST_WIRE/qemu.log" >&2
}

# Look by look, each processor's next instruction
show_processors() {
	sed -n 's/^RIP=\([0-9a-f]*\).*/\1/p' "$GUEST_KEPT.stuck" | paste -sd ' ' |
		sed 's/^/  | processors at: /' >&2
}

fail_guest() {
	local log=${GUEST_KEPT#"$LAB_TOP/"}

	(($1 != 141)) || exit 141
	show_log
	(($1 != 124 && $1 != STUCK)) || show_processors
	(($1 != STUCK)) || fail 124 "run: command not begun after $(boot_secs) s, twice; kernel log: $log"
	(($1 != 124)) || fail 124 "run: no end after $GUEST_TIMEOUT s, machine ended; kernel log: $log;" \
		"where the processors were: $log.stuck"
	! grep -q 'Kernel panic' "$GUEST_LOG" || fail 125 "run: the kernel panicked; kernel log: $log"
	fail 125 "run: the machine died (QEMU: $1); kernel log: $log"
}

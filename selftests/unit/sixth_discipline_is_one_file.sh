#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the fifo of Documentation/adding-a-discipline.rst is one new file and one line, and builds
. "${0%/*}/../ktap.sh"

top=$(cd "${0%/*}/../.." && pwd)
[ -e "$top/build/bpf/vmlinux.h" ] || ktap_skip "no build/bpf/vmlinux.h: make bpf first"

copy=$(mktemp -d)
ktap_defer rm -rf "$copy"
cp -r "$top/Makefile" "$top/build.mk" "$top/bpf" "$top/include" "$top/loader" "$copy"
mkdir -p "$copy/build/bpf"
cp "$top/build/bpf/vmlinux.h" "$copy/build/bpf/"

# build LOG: as the front door does, with the types that are there already
build()
{
	for part in bpf loader; do
		make -C "$copy" -f $part/Makefile BUILD=build LANES_VERSION=copy \
			VMLINUX_BTF="$copy/Makefile" >>"$1" 2>&1 || return 1
	done
}

# What the manual shows is the line that is added.
line=$(sed -n 's/^\t\(LANES_DISCIPLINE(fifo, .*)\)$/\1/p' "$top/Documentation/adding-a-discipline.rst")
ktap_expect "the line in the manual" [ -n "$line" ]

# Without the file, the line is refused.
sed -i "s/^#undef LANES_DISCIPLINE$/$line\n&/" "$copy/include/lanes_disciplines.def"
ktap_expect "one line more" [ "$(grep -c '^LANES_DISCIPLINE(' "$copy/include/lanes_disciplines.def")" = \
	"$(($(grep -c '^LANES_DISCIPLINE(' "$top/include/lanes_disciplines.def") + 1))" ]
build "$copy/log" && ktap_fail "it builds without fifo.bpf.h"
grep -q fifo_ "$copy/log" || ktap_fail "not for want of fifo's verbs: $(tail -5 "$copy/log")"

cp "$top/Documentation/fifo.bpf.h" "$copy/bpf/disciplines/"
: >"$copy/log"
build "$copy/log" || ktap_fail "does not build: $(tail -20 "$copy/log")"
"$copy/build/scx_lanes" --list-disciplines | grep -q '^  fifo ' ||
	ktap_fail "--list-disciplines does not know fifo"

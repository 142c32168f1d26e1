# SPDX-License-Identifier: GPL-2.0
#
# The front door. "make help" is the menu; parts have their own files:
# bpf/, loader/, module/, selftests/.
#
# Where the host lacks a tool (tools/lab doctor says which), every build runs
# in the lab root, under the same paths: this file then only passes it on.

#| make              build/scx_lanes, the scheduler, and build/lanesctl to talk to it
#| make demo         see it schedule real work in a virtual machine
#| make check        all tests, on the oldest and the newest kernel
#|                   narrowed by KERNEL="6.12" and T="sched/"; the scheduler's
#|                   under another rule by DISCIPLINE=lk T=sched/
#| make bench        schedulers compared in virtual time, report in build/bench
#| make bench-quick  its short form, against bounds; make check runs that
#| make module       lanes.ko for this kernel, or for KDIR=
#| make clients      build/lanes-vectors, -dma and -threads, which talk to the module
#| make install      into PREFIX (/usr/local), below DESTDIR
#| make install-dkms the module's sources into /usr/src, for DKMS to build
#| make clean        remove build/
#|
#| Also: bpf, loader, tests. V=1 shows the commands. Given if you like: CC=
#| CLANG= BPFTOOL= VMLINUX_BTF= KDIR=. tools/lab --help: kernels and machines.

V ?=
BUILD := $(CURDIR)/build
PREFIX ?= /usr/local
LANES_VERSION := 0.1.0
# Kernels "make check" boots, and which of the tests.
KERNEL ?= 6.12 7.3
T ?= unit/ sched/ module/ bench/
CLIENTS := vectors dma threads

export V BUILD LANES_VERSION

.PHONY: all bpf loader module clients tests check demo bench bench-quick bench-programs \
	install install-dkms clean help
.DEFAULT_GOAL := all

# In the lab root LANES_BUILD is native: it has the tools, or nothing has.
LANES_BUILD ?= $(shell tools/lab build-env)

# The module wants headers and gcc only, and those of this machine the lab does not see.
HAS_HEADERS := $(if $(KDIR),,$(wildcard /lib/modules/$(shell uname -r)/build))

ifneq ($(LANES_BUILD),native)

all bpf loader $(if $(HAS_HEADERS),,module) clients tests check demo bench bench-quick bench-programs:
	@echo "  LAB  $@: this machine lacks the tools (tools/lab doctor says which), using the lab root"
	@tools/lab make --no-print-directory LANES_BUILD=native V=$(V) KERNEL="$(KERNEL)" T="$(T)" \
		DISCIPLINE="$(DISCIPLINE)" $@

else

all: loader

bpf:
	@$(MAKE) --no-print-directory -f bpf/Makefile

loader: bpf
	@$(MAKE) --no-print-directory -f loader/Makefile

clients:
	@$(MAKE) --no-print-directory -f tools/client/Makefile CLIENTS="$(CLIENTS)"

tests: loader clients
	@$(MAKE) --no-print-directory -f selftests/Makefile

# A module for each kernel to be tested that has headers in the archive; and the
# kernel's own that a test needs, which small machines lack.
check: tests bench-programs
	@for kernel in $(KERNEL); do \
		dir=$$(tools/lab kernel $$kernel) || exit; \
		[ ! -e $$dir/build ] || $(MAKE) --no-print-directory -C module \
			KDIR=$$dir/build O=$(BUILD)/module/$$kernel || exit; \
		for ko in $$dir/lib/modules/*/kernel/drivers/iommu/virtio-iommu.ko*; do \
			[ ! -e $$ko ] || cp $$ko $(BUILD)/module/$$kernel/ || exit; \
		done; \
	done
	@KERNEL="$(KERNEL)" T="$(T)" DISCIPLINE="$(DISCIPLINE)" selftests/check

demo: all
	@tools/demo

bench:
	@tools/bench/run

bench-quick:
	@tools/bench/run --quick

# What it runs: the scenarios, and the kernel's example schedulers.
bench-programs: loader
	@$(MAKE) --no-print-directory -f tools/bench/Makefile
	@tools/bench/peers $(BUILD)/bench/bin

endif

ifneq ($(filter native,$(LANES_BUILD))$(HAS_HEADERS),)

# For this machine's kernel, or the one whose headers KDIR names.
module:
	@$(MAKE) --no-print-directory -C module

endif

install:
	install -D -m 755 -t $(DESTDIR)$(PREFIX)/bin $(BUILD)/scx_lanes $(BUILD)/lanesctl
	for client in $(CLIENTS:%=lanes-%); do \
		[ ! -e $(BUILD)/$$client ] || install -m 755 -t $(DESTDIR)$(PREFIX)/bin \
			$(BUILD)/$$client || exit; \
	done

DKMS_SOURCE = $(DESTDIR)/usr/src/lanes-$(LANES_VERSION)

install-dkms:
	install -d $(DKMS_SOURCE)/module $(DKMS_SOURCE)/include/uapi
	install -m 644 Kbuild $(DKMS_SOURCE)
	install -m 644 module/Kbuild module/*.[ch] $(DKMS_SOURCE)/module
	install -m 644 include/uapi/lanes.h $(DKMS_SOURCE)/include/uapi
	sed 's/@VERSION@/$(LANES_VERSION)/' packaging/dkms/dkms.conf >$(DKMS_SOURCE)/dkms.conf

clean:
	rm -rf $(BUILD)

help:
	@sed -n 's/^#| \?//p' Makefile

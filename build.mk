# SPDX-License-Identifier: GPL-2.0
#
# What the parts' makefiles share: quiet commands (V=1 shows them), and that a
# failed command leaves no half-made file behind.

.DELETE_ON_ERROR:
.SUFFIXES:

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-4s %s\n' '$(1)' '$(patsubst $(CURDIR)/%,%,$@)')

WARNINGS := -Wall -Wextra -Werror -Wmissing-prototypes -Wshadow

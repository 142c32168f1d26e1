/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __SHIM_LINUX_STRING_H
#define __SHIM_LINUX_STRING_H

#include <string.h>

#endif /* __SHIM_LINUX_STRING_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A bound PCI function, for who wants more of it than its interrupts: msi_device.c
 * lends it to dma.c.
 */
#ifndef __LANES_MSI_DEVICE_H
#define __LANES_MSI_DEVICE_H

#include <linux/io.h>
#include <linux/pci.h>
#include <linux/types.h>

struct lanes_device;

struct lanes_device *lanes_device_borrow(u32 function);
void lanes_device_give_back(struct lanes_device *d);
bool lanes_device_is_wanted_back(const struct lanes_device *d);
struct pci_dev *lanes_device_function(const struct lanes_device *d);
void __iomem *lanes_device_edu_regs(const struct lanes_device *d);

#endif /* __LANES_MSI_DEVICE_H */

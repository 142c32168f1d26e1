/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __SHIM_LINUX_PCI_H
#define __SHIM_LINUX_PCI_H

#include <errno.h>
#include <stdbool.h>
#include <linux/bits.h>
#include <stdint.h>
#include <linux/types.h>

typedef uint64_t dma_addr_t;

struct pci_dev {
	bool is_master;
};

static inline void pci_clear_master(struct pci_dev *pdev)
{
	pdev->is_master = false;
}

#define pci_err(pdev, ...) ((void)(pdev))

#endif /* __SHIM_LINUX_PCI_H */

// SPDX-License-Identifier: GPL-2.0
/*
 * What cgroups ask of a scheduler and do not get from this one: cpu.weight,
 * cpu.idle and cpu.max of the unified hierarchy.
 */
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cgroups.h"
#include "log.h"
#include "name.h"

#define CGROUP_ROOT "/sys/fs/cgroup"

static struct {
	unsigned int nr;
	char example[512];
} found;

/* Return: whether a control file is there and does not begin with @usual. */
static bool differs(const char *dir, const char *file, const char *usual)
{
	char path[4096], text[64];
	bool is_there;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	f = fopen(path, "r");
	if (!f)
		return false;
	is_there = fgets(text, sizeof(text), f);
	fclose(f);
	return is_there && strncmp(text, usual, strlen(usual));
}

static int look_at(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)ftw;
	if (type != FTW_D)
		return 0;
	if (!differs(path, "cpu.weight", "100\n") && !differs(path, "cpu.idle", "0\n") &&
	    !differs(path, "cpu.max", "max "))
		return 0;
	if (!found.nr++)
		snprintf(found.example, sizeof(found.example), "%s", path);
	return 0;
}

void cgroups_warn(void)
{
	found.nr = 0;
	nftw(CGROUP_ROOT, look_at, 16, FTW_PHYS | FTW_MOUNT);
	if (!found.nr)
		return;
	name_clean(found.example);
	log_notice("cgroups: cpu.weight, cpu.idle and cpu.max are not enforced; %u set them, such as %s",
		   found.nr, found.example);
}

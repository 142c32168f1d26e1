// SPDX-License-Identifier: GPL-2.0
/*
 * Rules: which tasks are real-time without anybody naming them, by name, cgroup,
 * nice value or uclamp.min. The first rule that a task meets counts. They are looked
 * at when a task enters the class, calls exec(2) or changes its name or weight; a task
 * that no longer meets one is ordinary again. A designation made by hand stays. Kernel
 * threads, of which some have nice -20, are met by their name only.
 */
#include "lanes.bpf.h"

#define MAX_CGROUP_DEPTH	16

const volatile struct lanes_rule rules[LANES_RULES_MAX];
const volatile u32 nr_rules;

static bool comm_matches(const struct task_struct *p, const volatile struct lanes_rule *rule)
{
	u32 i;

	for (i = 0; i < LANES_COMM_LEN; i++) {
		if ((rule->matches & LANES_RULE_COMM_PREFIX) && i >= rule->comm_len)
			return true;
		if (p->comm[i] != rule->comm[i])
			return false;
		if (!p->comm[i])
			return true;
	}
	return true;
}

static bool cgroup_matches(struct task_struct *p, u64 id)
{
	struct cgroup *cgroup = BPF_CORE_READ(p, cgroups, dfl_cgrp), *ancestor;
	int level = BPF_CORE_READ(cgroup, level);
	int i;

	bpf_for(i, 0, MAX_CGROUP_DEPTH) {
		if (i > level)
			break;
		bpf_probe_read_kernel(&ancestor, sizeof(ancestor), &cgroup->ancestors[i]);
		if (BPF_CORE_READ(ancestor, kn, id) == id)
			return true;
	}
	return false;
}

/* Kernels without CONFIG_UCLAMP_TASK have no such field: then it is met by nobody. */
static u32 task_uclamp_min(struct task_struct *p)
{
	if (!bpf_core_field_exists(p->uclamp_req))
		return 0;
	return BPF_CORE_READ_BITFIELD_PROBED(&p->uclamp_req[UCLAMP_MIN], value);
}

static bool rule_matches(struct task_struct *p, const volatile struct lanes_rule *rule)
{
	u32 matches = rule->matches;

	if ((p->flags & PF_KTHREAD) && !(matches & (LANES_RULE_COMM | LANES_RULE_COMM_PREFIX)))
		return false;
	if ((matches & LANES_RULE_NICE) && p->static_prio - MAX_RT_PRIO - 20 > rule->nice_max)
		return false;
	if ((matches & (LANES_RULE_COMM | LANES_RULE_COMM_PREFIX)) && !comm_matches(p, rule))
		return false;
	if ((matches & LANES_RULE_UCLAMP) && task_uclamp_min(p) < rule->uclamp_min)
		return false;
	return !(matches & LANES_RULE_CGROUP) || cgroup_matches(p, rule->cgroup_id);
}

/* rules_apply - designate a task, or no longer, as the rules say */
SUBPROG int rules_apply(struct task_struct *p TRUSTED, struct task_ctx *tctx)
{
	struct lanes_rt_request request = {};
	u32 i;

	if (!tctx || (tctx->rt_prio && !(tctx->flags & LANES_TASK_BY_RULE)))
		return 0;
	bpf_for(i, 0, LANES_RULES_MAX) {
		const volatile struct lanes_rule *rule = &rules[i & (LANES_RULES_MAX - 1)];

		if (i >= nr_rules)
			break;
		if (!rule_matches(p, rule))
			continue;
		request.policy = rule->policy;
		request.prio = rule->prio;
		request.quantum_us = rule->quantum_us;
		break;
	}
	if (request.policy != tctx->rt_policy || request.prio != tctx->rt_prio)
		designate(p, tctx, &request, request.policy ? LANES_TASK_BY_RULE : 0);
	return 0;
}

/* A task that has called exec(2) starts a new life: it is placed anew. */
SEC("?tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *p, pid_t old_pid, struct linux_binprm *bprm)
{
	struct task_ctx *tctx = try_lookup_task_ctx(p);

	if (!tctx)
		return 0;
	tctx->flags |= LANES_TASK_MOVE;
	if (nr_rules)
		rules_apply(p, tctx);
	return 0;
}

SEC("?tp_btf/task_rename")
int BPF_PROG(on_rename, struct task_struct *p, const char *comm)
{
	struct task_ctx *tctx = try_lookup_task_ctx(p);

	/* The tracepoint comes before the name is changed. */
	if (tctx)
		tctx->flags |= LANES_TASK_RENAMED;
	return 0;
}

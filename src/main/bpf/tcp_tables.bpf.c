/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Walks the kernel's own hash tables of sockets and copies what matters of each socket into an
 * array that user space maps. BPF_PROG_TEST_RUN starts a walk, under RCU: what it looks at is not
 * freed meanwhile, but may change, so that user space checks what it gets.
 *
 *   bind_hash    what closes a port of TCP without being connected: listeners and bound sockets
 *                (inet_hashinfo.bhash)
 *   connections  everything else of TCP: connected sockets, NEW_SYN_RECV, TIME_WAIT
 *                (inet_hashinfo.ehash)
 *   udp          the sockets of UDP (udp_table.hash); no bucket where it is not found: Linux 6.2
 *
 * Arguments of all: the first bucket, the number of buckets, the lowest port, the highest port, the
 * inode number of the network namespace, and the lowest and the highest port in all other
 * namespaces; of UDP, sockets without a peer come whatever their port. The tables are those of the
 * namespace of the thread that asks, which all namespaces share but those with
 * net.ipv4.tcp_child_ehash_entries or udp_child_hash_entries.
 *
 * Two ways to read memory, by the same source: with CAST, bpf_rdonly_cast() (Linux 6.2), which
 * costs less; otherwise bpf_probe_read_kernel() (bpf_loop() makes it Linux 5.17). A wild pointer
 * reads as zero in both.
 */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define AF_INET6 10
#define TCP_FIN_WAIT2 5
#define TCP_TIME_WAIT 6
#define TCP_CLOSE 7
#define TCP_LISTEN 10
#define TCP_NEW_SYN_RECV 12
#define SOCK_BINDPORT_LOCK 8

/* Flags of a record. */
#define BIND_MADE 1	 /* bind() made or joined the port's bucket: closed to every connect() */
#define BUCKET_KNOWN 2
#define V6ONLY 4
#define EXPLICIT_PORT 8
#define TIMESTAMPS 16	 /* of TIME_WAIT: the peer sent timestamps */
#define IN_FIN_WAIT2 32	 /* of TIME_WAIT: the peer has not closed yet */
#define AGE_EXACT 64	 /* the age is exact, not a difference of whole seconds */
#define IPV6 128	 /* the record has room for addresses of 16 bytes */

/* More flags. */
#define TRANSPARENT 1 /* IP_TRANSPARENT, which a proxy's listener hands down */
#define OF_UDP 2

/* include/net/inet_sock.h, in an enum that has no name for CO-RE to find it by. */
#define INET_FLAGS_TRANSPARENT 15

#define LENGTH_IPV4 48
#define LENGTH_IPV6 72

struct record {
	u8 state;
	u8 flags;
	u16 local_port;
	u16 remote_port;
	u16 more_flags;
	u32 interface_index;
	u32 uid;
	u32 age_millis;
	u32 netns;
	u64 inode;
	u64 cgroup;
	u32 addresses[8]; /* local, remote: of one or four words */
};

#define BYTES (1u << 20)
#define LONGEST LENGTH_IPV6
/* Left free when a bucket begins: no chain is as long, unless somebody wants it to be. */
#define ROOM_OF_A_CHAIN (128u << 10)

struct answer {
	u32 used; /* bytes of records */
	u32 lost; /* sockets for which there was no room, or that could not be followed */
	u32 next; /* the first bucket that was not looked at */
	u32 buckets; /* of the whole table */
	u32 again; /* chains that changed under the walk and were walked again */
	u32 unused[11];
	char records[BYTES];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, u32);
	__type(value, struct answer);
} answer SEC(".maps");

/* The heads of many chains in one copy, because most chains are empty. */
#define HEADS 64
#define GROUP 8

struct heads {
	u64 first[HEADS];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct heads);
} heads SEC(".maps");

struct walk {
	struct answer *answer;
	struct heads *heads;
	u64 table;
	u64 net; /* the last socket's namespace, and its inode number */
	u64 node;
	u64 node2;
	u64 node3;
	u32 inum;
	u32 from;
	u32 lowest_port;
	u32 highest_port;
	u32 wanted_netns;
	u32 lowest_elsewhere;
	u32 highest_elsewhere;
	u32 now_millis;
	u32 now_seconds;
	u32 first; /* bucket of the heads that were copied */
	u32 group; /* of heads */
	u32 bucket;
	u32 used; /* when the chain began */
	u32 repeated;
	u32 full;
	u32 sockets; /* in a chain of UDP */
};

#ifdef CAST

void *bpf_rdonly_cast(const void *obj, __u32 btf_id) __ksym;

#define AT(type, address) ((type *)bpf_rdonly_cast((void *)(address), bpf_core_type_id_kernel(type)))
#define GET(type, address, field) (AT(type, address)->field)
#define GET_BITS(type, address, field) BPF_CORE_READ_BITFIELD(AT(type, address), field)
#define COMMON(name, address) struct sock_common *name = AT(struct sock_common, address)

/* A load that yields a number: the verifier does not let a pointer be kept. */
static __always_inline u64 number(u64 address)
{
	return AT(struct timespec64, address)->tv_sec;
}

#else

#define GET(type, address, field) BPF_CORE_READ((type *)(address), field)
#define GET_BITS(type, address, field) BPF_CORE_READ_BITFIELD_PROBED((type *)(address), field)

/* One copy of a socket's beginning, instead of one for each field; no kind of socket is shorter. */
#define COMMON_BYTES 144
#define COMMON(name, address)                                                    \
	u64 name##_copy[COMMON_BYTES / 8];                                       \
	if (bpf_probe_read_kernel(name##_copy, COMMON_BYTES, (void *)(address))) \
		__builtin_memset(name##_copy, 0, COMMON_BYTES);                  \
	struct sock_common *name = (void *)name##_copy

static __always_inline u64 number(u64 address)
{
	u64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), (void *)address);
	return value;
}

#endif

#define FIELD(type, address, field) ((address) + bpf_core_field_offset(type, field))
#define POINTER(type, address, field) number(FIELD(type, address, field))

static __always_inline u32 inum_of(struct walk *walk, u64 net)
{
	if (net != walk->net) {
		walk->net = net;
		walk->inum = GET(struct net, net, ns.inum);
	}
	return walk->inum;
}

static struct record *room(struct answer *out, u32 length)
{
	u32 used = out->used;

	if (used > BYTES - LONGEST) {
		out->lost++;
		return 0;
	}
	out->used = used + length;
	return (struct record *)&out->records[used];
}

static __always_inline u64 inode_of(u64 at)
{
	u64 socket = POINTER(struct sock, at, sk_socket);

	if (!socket)
		return 0;
	if (bpf_core_field_exists(struct sock___ino, sk_ino))
		return GET(struct sock___ino, at, sk_ino);
	return GET(struct socket_alloc, socket, vfs_inode.i_ino);
}

static __always_inline int is_transparent(u64 at)
{
	if (bpf_core_field_exists(struct inet_sock, inet_flags))
		return GET(struct inet_sock, at, inet_flags) >> INET_FLAGS_TRANSPARENT & 1;
	return GET_BITS(struct inet_sock___bits, at, transparent);
}

static __always_inline u64 cgroup_of(u64 at)
{
	u64 cgroup = POINTER(struct sock, at, sk_cgrp_data.cgroup);
	u64 node = cgroup ? POINTER(struct cgroup, cgroup, kn) : 0;

	return node ? GET(struct kernfs_node, node, id) : 0;
}

/* Copies the socket at an address, whose beginning was read already. */
static __always_inline void copy(struct walk *walk, struct sock_common *common, u64 at, u32 inum,
				 int udp)
{
	u32 state = common->skc_state;
	u32 ipv6 = common->skc_family == AF_INET6;
	u32 flags = 0;
	u64 bucket = 0;
	struct record *record = room(walk->answer, ipv6 ? LENGTH_IPV6 : LENGTH_IPV4);

	if (!record)
		return;
	record->local_port = common->skc_num;
	record->remote_port = bpf_ntohs(common->skc_dport);
	record->more_flags = udp ? OF_UDP : 0;
	record->interface_index = common->skc_bound_dev_if;
	record->uid = 0;
	record->age_millis = 0;
	record->netns = inum;
	record->inode = 0;
	record->cgroup = 0;
	if (!udp && state == TCP_TIME_WAIT) {
		u32 stamp = GET(struct tcp_timewait_sock, at, tw_ts_recent_stamp);

		bucket = POINTER(struct inet_timewait_sock, at, tw_tb);
		if (stamp)
			flags |= TIMESTAMPS;
		if (GET(struct inet_timewait_sock, at, tw_substate) == TCP_FIN_WAIT2)
			flags |= IN_FIN_WAIT2;
		if (GET_BITS(struct inet_timewait_sock, at, tw_transparent))
			record->more_flags |= TRANSPARENT;
		if (bpf_core_field_exists(struct inet_timewait_sock___stamp, tw_entry_stamp)) {
			flags |= AGE_EXACT;
			record->age_millis =
				walk->now_millis - GET(struct inet_timewait_sock___stamp, at, tw_entry_stamp);
		} else if (stamp) {
			record->age_millis = (walk->now_seconds - stamp) * 1000;
		}
	} else if (udp || state != TCP_NEW_SYN_RECV) {
		if (!udp)
			bucket = POINTER(struct inet_connection_sock, at, icsk_bind_hash);
		if (GET_BITS(struct sock, at, sk_userlocks) & SOCK_BINDPORT_LOCK)
			flags |= EXPLICIT_PORT;
		if (is_transparent(at))
			record->more_flags |= TRANSPARENT;
		record->uid = GET(struct sock, at, sk_uid.val);
		record->inode = inode_of(at);
		record->cgroup = cgroup_of(at);
	}
	if (udp)
		flags |= BUCKET_KNOWN | BIND_MADE; /* nobody else can have its port */
	if (bucket) {
		flags |= BUCKET_KNOWN;
		if (GET(struct inet_bind_bucket, bucket, fastreuse) >= 0 ||
		    GET(struct inet_bind_bucket, bucket, fastreuseport) >= 0)
			flags |= BIND_MADE;
	}
	if (BPF_CORE_READ_BITFIELD(common, skc_ipv6only))
		flags |= V6ONLY;
	if (ipv6) {
		flags |= IPV6;
		__builtin_memcpy(&record->addresses[0], &common->skc_v6_rcv_saddr.in6_u.u6_addr32, 16);
		__builtin_memcpy(&record->addresses[4], &common->skc_v6_daddr.in6_u.u6_addr32, 16);
	} else {
		record->addresses[0] = common->skc_rcv_saddr;
		record->addresses[1] = common->skc_daddr;
	}
	record->state = state;
	record->flags = flags;
}

static __always_inline int is_wanted(struct walk *walk, u32 port, u32 inum)
{
	return inum == walk->wanted_netns ?
		       port >= walk->lowest_port && port <= walk->highest_port :
		       port >= walk->lowest_elsewhere && port <= walk->highest_elsewhere;
}

/* Whether any namespace's socket on a port is wanted, before it is known whose the socket is. */
static __always_inline int may_be_wanted(struct walk *walk, u32 port)
{
	return (port >= walk->lowest_port && port <= walk->highest_port) ||
	       (port >= walk->lowest_elsewhere && port <= walk->highest_elsewhere);
}

/* --- connections: chains that end in an odd number, which names their bucket --- */

static long next_connection(u32 i, struct walk *walk)
{
	if (walk->node & 1)
		return 1;
	u64 at = walk->node - bpf_core_field_offset(struct sock_common, skc_nulls_node);
	COMMON(common, at);

	walk->node = number(FIELD(struct sock_common, at, skc_nulls_node.next));
	if (!walk->node) {
		walk->answer->lost++;
		return 1;
	}
	u32 port = common->skc_num;
	if (!may_be_wanted(walk, port))
		return 0;
	u32 inum = inum_of(walk, POINTER(struct sock_common, at, skc_net.net));
	if (is_wanted(walk, port, inum))
		copy(walk, common, at, inum, 0);
	return 0;
}

/* Once more where a socket moved to another chain under the walk, which then ended there. */
static long walk_chain(u32 i, struct walk *walk)
{
	if (walk->repeated) {
		walk->answer->used = walk->used;
		walk->answer->again++;
		walk->node = number(walk->table + (u64)walk->bucket * 8);
	}
	bpf_loop(1 << 20, next_connection, walk, 0);
	walk->repeated++;
	return walk->node == ((u64)walk->bucket << 1 | 1);
}

#define TRIES 8

static long next_head(u32 j, struct walk *walk)
{
	j += walk->group;
	if (j >= HEADS)
		return 1;
	u64 first = walk->heads->first[j];
	if (first & 1)
		return 0;
	walk->bucket = walk->first + j;
	if (walk->answer->used > BYTES - ROOM_OF_A_CHAIN) {
		walk->full = 1;
		walk->answer->next = walk->bucket;
		return 1;
	}
	walk->node = first;
	walk->used = walk->answer->used;
	walk->repeated = 0;
	if (bpf_loop(TRIES, walk_chain, walk, 0) == TRIES &&
	    walk->node != ((u64)walk->bucket << 1 | 1))
		walk->answer->lost++;
	return 0;
}

static long next_group(u32 i, struct walk *walk)
{
	i *= GROUP;
	if (i > HEADS - GROUP)
		return 1;
	u64 *first = &walk->heads->first[i];
	if (first[0] & first[1] & first[2] & first[3] & first[4] & first[5] & first[6] & first[7] & 1)
		return 0;
	walk->group = i;
	bpf_loop(GROUP, next_head, walk, 0);
	return walk->full;
}

static long next_heads(u32 i, struct walk *walk)
{
	walk->first = walk->from + i * HEADS;
	walk->answer->next = walk->first + HEADS;
	if (bpf_probe_read_kernel(walk->heads, sizeof(*walk->heads),
				  (void *)(walk->table + (u64)walk->first * 8))) {
		walk->answer->lost++;
		return 1;
	}
	/* A callback for each level, which the verifier looks at once; unrolled it is too much. */
	bpf_loop(HEADS / GROUP, next_group, walk, 0);
	return walk->full;
}

/* The network namespace of the thread that asks, or 0 where something is missing. */
static __always_inline u64 begin(struct walk *walk, struct bpf_raw_tracepoint_args *context)
{
	u32 zero = 0;
	u64 now = bpf_ktime_get_ns();
	struct answer *out = bpf_map_lookup_elem(&answer, &zero);
	struct heads *copied = bpf_map_lookup_elem(&heads, &zero);

	if (!out || !copied)
		return 0;
	walk->answer = out;
	walk->heads = copied;
	walk->from = context->args[0];
	walk->lowest_port = context->args[2];
	walk->highest_port = context->args[3];
	walk->wanted_netns = context->args[4];
	walk->lowest_elsewhere = context->args[5];
	walk->highest_elsewhere = context->args[6];
	walk->now_millis = now / 1000000;
	walk->now_seconds = now / 1000000000;
	out->used = out->lost = out->again = 0;
	out->next = walk->from;
	struct task_struct *task = bpf_get_current_task_btf();
	return (u64)BPF_CORE_READ(task, nsproxy, net_ns);
}

static __always_inline u64 tcp_tables(u64 net)
{
	return net ? (u64)BPF_CORE_READ((struct net *)net, ipv4.tcp_death_row.hashinfo) : 0;
}

/* How many steps of so many buckets lie between the first that is wanted and the last there is. */
static __always_inline u32 steps(struct walk *walk, u64 wanted, u32 buckets, u32 step)
{
	u32 left = walk->from < buckets ? buckets - walk->from : 0;

	walk->answer->buckets = buckets;
	return (wanted < left ? wanted : left) / step;
}

SEC("raw_tp/portpool")
int connections(struct bpf_raw_tracepoint_args *context)
{
	struct walk walk = {};
	u64 info = tcp_tables(begin(&walk, context));

	if (!info)
		return -1;
	walk.table = (u64)BPF_CORE_READ((struct inet_hashinfo *)info, ehash);
	u32 buckets = BPF_CORE_READ((struct inet_hashinfo *)info, ehash_mask) + 1;
	bpf_loop(steps(&walk, context->args[1], buckets, HEADS), next_heads, &walk, 0);
	return 0;
}

/* --- the bind hash: a bucket for each port and namespace, and the sockets that own it --- */

static long next_owner(u32 i, struct walk *walk)
{
	if (!walk->node3)
		return 1;
	u64 at = walk->node3 - bpf_core_field_offset(struct sock_common, skc_bind_node);
	COMMON(common, at);

	walk->node3 = number(FIELD(struct sock_common, at, skc_bind_node.next));
	u32 state = common->skc_state;
	if (state == TCP_CLOSE || state == TCP_LISTEN)
		copy(walk, common, at, walk->inum, 0);
	return 0;
}

static long next_address(u32 i, struct walk *walk)
{
	if (!walk->node2)
		return 1;
	u64 at = walk->node2 - bpf_core_field_offset(struct inet_bind2_bucket, bhash_node);

	walk->node2 = number(FIELD(struct inet_bind2_bucket, at, bhash_node.next));
	walk->node3 = number(FIELD(struct inet_bind2_bucket, at, owners.first));
	bpf_loop(1 << 20, next_owner, walk, 0);
	return 0;
}

static long next_port(u32 i, struct walk *walk)
{
	if (!walk->node)
		return 1;
	u64 at = walk->node - bpf_core_field_offset(struct inet_bind_bucket, node);

	walk->node = number(FIELD(struct inet_bind_bucket, at, node.next));
	u32 port = GET(struct inet_bind_bucket, at, port);
	u32 inum = inum_of(walk, POINTER(struct inet_bind_bucket, at, ib_net.net));
	if (!is_wanted(walk, port, inum))
		return 0;
	if (GET(struct inet_bind_bucket, at, fastreuse) < 0 &&
	    GET(struct inet_bind_bucket, at, fastreuseport) < 0)
		return 0; /* connect() made it: its owners are connections */
	if (bpf_core_field_exists(struct inet_bind_bucket, bhash2)) {
		walk->node2 = number(FIELD(struct inet_bind_bucket, at, bhash2.first));
		bpf_loop(1 << 16, next_address, walk, 0);
	} else {
		walk->node3 = number(FIELD(struct inet_bind_bucket___owners, at, owners.first));
		bpf_loop(1 << 20, next_owner, walk, 0);
	}
	return 0;
}

static long next_bucket(u32 i, struct walk *walk)
{
	u64 at = walk->table + (u64)(walk->from + i) * bpf_core_type_size(struct inet_bind_hashbucket);

	walk->answer->next = walk->from + i;
	if (walk->answer->used > BYTES - ROOM_OF_A_CHAIN)
		return 1;
	walk->answer->next++;
	walk->node = number(FIELD(struct inet_bind_hashbucket, at, chain.first));
	if (walk->node)
		bpf_loop(1 << 16, next_port, walk, 0);
	return 0;
}

SEC("raw_tp/portpool")
int bind_hash(struct bpf_raw_tracepoint_args *context)
{
	struct walk walk = {};
	u64 info = tcp_tables(begin(&walk, context));

	if (!info)
		return -1;
	walk.table = (u64)BPF_CORE_READ((struct inet_hashinfo *)info, bhash);
	u32 buckets = BPF_CORE_READ((struct inet_hashinfo *)info, bhash_size);
	bpf_loop(steps(&walk, context->args[1], buckets, 1), next_bucket, &walk, 0);
	return 0;
}

/* --- UDP: a chain for each port, or for some; they end in nothing, so that sockets are counted --- */

static long next_udp(u32 i, struct walk *walk)
{
	if (!walk->node)
		return 1;
	u64 at = walk->node - bpf_core_field_offset(struct sock_common, skc_node);
	COMMON(common, at);

	walk->node = number(FIELD(struct sock_common, at, skc_node.next));
	walk->sockets++;
	u32 port = common->skc_num;
	if (common->skc_dport && !may_be_wanted(walk, port))
		return 0;
	u32 inum = inum_of(walk, POINTER(struct sock_common, at, skc_net.net));
	if (common->skc_dport ?
		    is_wanted(walk, port, inum) :
		    inum == walk->wanted_netns || walk->highest_elsewhere)
		copy(walk, common, at, inum, 1);
	return 0;
}

static long walk_udp_chain(u32 i, struct walk *walk)
{
	u64 at = walk->table + (u64)walk->bucket * bpf_core_type_size(struct udp_hslot);

	if (i) {
		walk->answer->used = walk->used;
		walk->answer->again++;
	}
	walk->sockets = 0;
	walk->node = number(FIELD(struct udp_hslot, at, head.first));
	bpf_loop(1 << 20, next_udp, walk, 0);
	return walk->sockets == GET(struct udp_hslot, at, count);
}

static long next_udp_bucket(u32 i, struct walk *walk)
{
	walk->bucket = walk->from + i;
	walk->answer->next = walk->bucket;
	if (walk->answer->used > BYTES - ROOM_OF_A_CHAIN)
		return 1;
	walk->answer->next++;
	u64 at = walk->table + (u64)walk->bucket * bpf_core_type_size(struct udp_hslot);
	if (!number(FIELD(struct udp_hslot, at, head.first)))
		return 0;
	walk->used = walk->answer->used;
	bpf_loop(TRIES, walk_udp_chain, walk, 0);
	return 0;
}

SEC("raw_tp/portpool")
int udp(struct bpf_raw_tracepoint_args *context)
{
	struct walk walk = {};
	u64 net = begin(&walk, context);

	if (!net)
		return -1;
	walk.answer->buckets = 0;
	if (!bpf_core_field_exists(struct netns_ipv4, udp_table))
		return 0;
	struct udp_table *table = BPF_CORE_READ((struct net *)net, ipv4.udp_table);
	walk.table = (u64)BPF_CORE_READ(table, hash);
	bpf_loop(steps(&walk, context->args[1], BPF_CORE_READ(table, mask) + 1, 1), next_udp_bucket,
		 &walk, 0);
	return 0;
}

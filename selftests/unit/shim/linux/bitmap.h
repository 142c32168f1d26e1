/* SPDX-License-Identifier: GPL-2.0 */
/* One bit at a time; a bitmap that is too short is for ASan to find. */
#ifndef __SHIM_LINUX_BITMAP_H
#define __SHIM_LINUX_BITMAP_H

#include <limits.h>
#include <stdbool.h>

#define BITS_PER_LONG (sizeof(long) * CHAR_BIT)
#define BITS_TO_LONGS(nr_bits) \
	(((nr_bits) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define DECLARE_BITMAP(name, nr_bits) unsigned long name[BITS_TO_LONGS(nr_bits)]

#define for_each_set_bit(bit, map, nr_bits) \
	for ((bit) = find_next_bit(map, nr_bits, 0); (bit) < (nr_bits); \
	     (bit) = find_next_bit(map, nr_bits, (bit) + 1))

static inline bool test_bit(unsigned long bit, const unsigned long *map)
{
	return map[bit / BITS_PER_LONG] >> bit % BITS_PER_LONG & 1;
}

static inline void __set_bit(unsigned long bit, unsigned long *map)
{
	map[bit / BITS_PER_LONG] |= 1UL << bit % BITS_PER_LONG;
}

static inline void __clear_bit(unsigned long bit, unsigned long *map)
{
	map[bit / BITS_PER_LONG] &= ~(1UL << bit % BITS_PER_LONG);
}

static inline unsigned long find_next_bit(const unsigned long *map,
					  unsigned long nr_bits,
					  unsigned long bit)
{
	while (bit < nr_bits && !test_bit(bit, map))
		bit++;
	return bit;
}

static inline unsigned long find_first_bit(const unsigned long *map,
					   unsigned long nr_bits)
{
	return find_next_bit(map, nr_bits, 0);
}

static inline bool bitmap_empty(const unsigned long *map, unsigned int nr_bits)
{
	return find_first_bit(map, nr_bits) == nr_bits;
}

static inline void bitmap_fill(unsigned long *map, unsigned int nr_bits)
{
	unsigned int bit;

	for (bit = 0; bit < nr_bits; bit++)
		__set_bit(bit, map);
}

#endif /* __SHIM_LINUX_BITMAP_H */

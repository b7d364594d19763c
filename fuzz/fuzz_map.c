/*
 * fuzz_map.c - memory maps as no firmware would write them.  Each frame at a
 * border of an entry or a range is judged by itself.
 */
#include <stdbool.h>

#include "fuzz.h"
#include "polished/polished.h"

enum { ENTRIES = 24 };

static struct polished_map_entry entries[ENTRIES];
static struct polished_map_range ranges[ENTRIES];
static size_t entry_count, range_count;

/* Does the entry have this address?  Entries may reach past all addresses. */
static bool fuzz_has(const struct polished_map_entry *entry, uint64_t at)
{
    return at >= entry->base && at - entry->base < entry->size_bytes;
}

/* Some entry of this kind that has the address; NULL: none. */
static const struct polished_map_entry *fuzz_find(uint64_t at, bool is_reserved)
{
    for (size_t i = 0; i < entry_count; i++)
        if (entries[i].is_reserved == is_reserved && fuzz_has(&entries[i], at))
            return &entries[i];
    return NULL;
}

/* Is some byte of [first, last] reserved? */
static bool fuzz_is_barred(uint64_t first, uint64_t last)
{
    for (size_t i = 0; i < entry_count; i++)
        if (entries[i].is_reserved && entries[i].size_bytes != 0 &&
            entries[i].base <= last &&
            (entries[i].base >= first || fuzz_has(&entries[i], first)))
            return true;
    return false;
}

static bool fuzz_is_usable(uint64_t first, uint64_t last)
{
    uint64_t at = first;

    for (;;) {
        const struct polished_map_entry *entry = fuzz_find(at, false);
        uint64_t left;

        if (!entry)
            return false;
        left = entry->size_bytes - (at - entry->base);
        if (left > last - at)
            return !fuzz_is_barred(first, last);
        at += left;
    }
}

static bool fuzz_is_in_range(uint64_t at)
{
    for (size_t i = 0; i < range_count; i++)
        if (at >= ranges[i].base && at - ranges[i].base < ranges[i].size_bytes)
            return true;
    return false;
}

/* Everything below the last frame of all is usable: then that one is left
   out. */
static bool fuzz_is_whole(uint64_t frame_bytes)
{
    return range_count == 1 && ranges[0].base == 0 &&
           ranges[0].size_bytes == -frame_bytes;
}

static void fuzz_judge(uint64_t at, uint64_t frame_bytes)
{
    uint64_t first = at & ~(frame_bytes - 1), last = first + (frame_bytes - 1);

    if (last == UINT64_MAX && fuzz_is_whole(frame_bytes))
        return;
    FUZZ_EXPECT(fuzz_is_in_range(first) == fuzz_is_usable(first, last));
}

static void fuzz_judge_around(uint64_t at, uint64_t frame_bytes)
{
    fuzz_judge(at, frame_bytes);
    fuzz_judge(at - 1, frame_bytes);
    fuzz_judge(at + frame_bytes, frame_bytes);
}

static void fuzz_read(struct fuzz_input *input)
{
    entry_count = 0;
    while (input->left > 0 && entry_count < ENTRIES) {
        struct polished_map_entry *entry = &entries[entry_count++];
        uint64_t form = fuzz_take(input, 1);

        entry->is_reserved = form & 1;
        entry->base = fuzz_take(input, 2) << (form >> 1 & 1 ? 48 : 8);
        entry->base += fuzz_take(input, form >> 2 & 1 ? 2 : 1);
        entry->size_bytes = fuzz_take(input, 1 + (form >> 3 & 7));
        if (form >> 6 & 1)
            entry->size_bytes <<= 12;
        if (form >> 7 & 1)
            entry->base = -entry->base;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    uint64_t form = fuzz_take(&input, 1);
    uint64_t frame_bytes = UINT64_C(1) << form % 40;
    size_t most = form & 0x80 ? form >> 4 & 7 : ENTRIES;
    enum polished_status status;

    fuzz_read(&input);
    status = polished_map_clean(entries, entry_count, frame_bytes, ranges, most,
                                &range_count);
    if (status != POLISHED_OK) {
        FUZZ_EXPECT(status == POLISHED_LIMIT && range_count > most);
        return 0;
    }
    FUZZ_EXPECT(range_count <= entry_count);
    for (size_t i = 0; i < range_count; i++) {
        FUZZ_EXPECT(ranges[i].size_bytes != 0);
        FUZZ_EXPECT(
            ((ranges[i].base | ranges[i].size_bytes) & (frame_bytes - 1)) == 0);
        FUZZ_EXPECT(i == 0 || ranges[i].base > ranges[i - 1].base +
                                                   ranges[i - 1].size_bytes);
        fuzz_judge_around(ranges[i].base, frame_bytes);
        fuzz_judge_around(ranges[i].base + ranges[i].size_bytes, frame_bytes);
    }
    for (size_t i = 0; i < entry_count; i++) {
        fuzz_judge_around(entries[i].base, frame_bytes);
        fuzz_judge_around(entries[i].base + entries[i].size_bytes, frame_bytes);
    }
    return 0;
}

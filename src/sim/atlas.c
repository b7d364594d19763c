#include "sim/atlas.h"

#include <stddef.h>

#include "sim/pages.h"

/* The part of a range that lies in one leaf. */
struct atlas_piece {
    uint64_t leaf, offset_bytes, size_bytes;
};

bool sim_atlas_init(struct sim_atlas *atlas, uint64_t granule_bytes)
{
    size_t count = (size_t)1 << (SIM_ATLAS_ADDRESS_LOG2 - SIM_ATLAS_LEAF_LOG2);

    atlas->granule_bytes = granule_bytes;
    atlas->leaves = sim_pages(count * sizeof *atlas->leaves);
    return atlas->leaves != NULL;
}

static struct atlas_piece atlas_piece(uint64_t offset_bytes,
                                      uint64_t size_bytes)
{
    uint64_t leaf_bytes = UINT64_C(1) << SIM_ATLAS_LEAF_LOG2;
    struct atlas_piece piece = {.leaf = offset_bytes >> SIM_ATLAS_LEAF_LOG2,
                                .offset_bytes = offset_bytes % leaf_bytes};
    uint64_t room_bytes = leaf_bytes - piece.offset_bytes;

    piece.size_bytes = size_bytes < room_bytes ? size_bytes : room_bytes;
    return piece;
}

/* The places of a leaf; NULL if there is no memory for them, and then what
   lies there goes unwatched. */
static struct sim_places *atlas_leaf(struct sim_atlas *atlas, uint64_t leaf)
{
    struct sim_places *places = &atlas->leaves[leaf];

    if (places->level_count == 0 &&
        !sim_places_init(places, UINT64_C(1) << SIM_ATLAS_LEAF_LOG2, 0,
                         atlas->granule_bytes)) {
        places->level_count = 0;
        return NULL;
    }
    return places;
}

bool sim_atlas_take(struct sim_atlas *atlas, uint64_t offset_bytes,
                    uint64_t size_bytes)
{
    bool vacant = true;

    while (size_bytes > 0 && vacant) {
        struct atlas_piece piece = atlas_piece(offset_bytes, size_bytes);
        struct sim_places *places = atlas_leaf(atlas, piece.leaf);

        if (places != NULL)
            vacant =
                sim_places_take(places, piece.offset_bytes, piece.size_bytes);
        offset_bytes += piece.size_bytes;
        size_bytes -= piece.size_bytes;
    }
    return vacant;
}

void sim_atlas_give(struct sim_atlas *atlas, uint64_t offset_bytes,
                    uint64_t size_bytes)
{
    while (size_bytes > 0) {
        struct atlas_piece piece = atlas_piece(offset_bytes, size_bytes);
        struct sim_places *places = &atlas->leaves[piece.leaf];

        if (places->level_count != 0)
            sim_places_give(places, piece.offset_bytes);
        offset_bytes += piece.size_bytes;
        size_bytes -= piece.size_bytes;
    }
}

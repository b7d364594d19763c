/*
 * fuzz/fuzz.h - what a target is: one function, called for each input.  A
 * broken promise aborts.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* The names are the engine's. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most,
                               unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size,
                                 const uint8_t *second, size_t second_size,
                                 uint8_t *out, size_t most, unsigned seed);

#define FUZZ_EXPECT(truth) ((truth) ? (void)0 : abort())

/* A part of the input that is used up from its front. */
struct fuzz_input {
    const uint8_t *at;
    size_t left;
};

/* The next bytes; what the input lacks is 0. */
static inline uint64_t fuzz_take(struct fuzz_input *input, size_t bytes)
{
    uint64_t number = 0;

    for (size_t i = 0; i < bytes && input->left > 0; i++, input->left--)
        number |= (uint64_t)*input->at++ << 8 * i;
    return number;
}

#endif

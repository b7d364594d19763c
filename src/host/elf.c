/* elf.c - what a shared object exports, found out without running any of it.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/plugin.h"

/* A file in memory; whatever it says of itself may be wrong. */
struct elf_file {
    const unsigned char *bytes;
    uint64_t size_bytes;
};

/* The names that are looked for. */
enum elf_symbol { ELF_PLUGIN, ELF_MALLOC, ELF_FREE, ELF_SYMBOL_COUNT };
static const char *const elf_names[ELF_SYMBOL_COUNT] = {
    [ELF_PLUGIN] = "polished_plugin",
    [ELF_MALLOC] = "malloc",
    [ELF_FREE] = "free",
};

static bool elf_map(struct elf_file *file, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    void *bytes = MAP_FAILED;

    if (fd < 0)
        return false;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
        status.st_size > 0)
        bytes =
            mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    *file = (struct elf_file){0};
    if (bytes != MAP_FAILED)
        *file = (struct elf_file){bytes, (uint64_t)status.st_size};
    return true;
}

/* Copy what lies there; false if that is not wholly in the file. */
static bool elf_get(const struct elf_file *file, uint64_t offset, void *into,
                    size_t bytes)
{
    if (bytes > file->size_bytes || offset > file->size_bytes - bytes)
        return false;
    memcpy(into, file->bytes + offset, bytes);
    return true;
}

static bool elf_is_shared(const struct elf_file *file, ElfW(Ehdr) * header)
{
    unsigned char class = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;

    return elf_get(file, 0, header, sizeof *header) &&
           memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
           header->e_ident[EI_CLASS] == class && header->e_type == ET_DYN;
}

/* Is this string, in a table of strings, the name? */
static bool elf_is_named(const struct elf_file *file, const ElfW(Shdr) * texts,
                         uint64_t at, const char *name)
{
    char found[sizeof "polished_plugin"];
    size_t bytes = strlen(name) + 1;

    return at < texts->sh_size &&
           elf_get(file, texts->sh_offset + at, found, bytes) &&
           memcmp(found, name, bytes) == 0;
}

/* Mark the names that a table of dynamic symbols defines. */
static void elf_search(const struct elf_file *file, const ElfW(Shdr) * table,
                       const ElfW(Shdr) * texts, bool found[ELF_SYMBOL_COUNT])
{
    ElfW(Sym) symbol;

    for (uint64_t at = 0; at + sizeof symbol <= table->sh_size;
         at += sizeof symbol) {
        if (!elf_get(file, table->sh_offset + at, &symbol, sizeof symbol))
            return;
        if (symbol.st_shndx == SHN_UNDEF)
            continue;
        for (int i = 0; i < ELF_SYMBOL_COUNT; i++)
            if (elf_is_named(file, texts, symbol.st_name, elf_names[i]))
                found[i] = true;
    }
}

static void elf_exports(const struct elf_file *file, const ElfW(Ehdr) * header,
                        bool found[ELF_SYMBOL_COUNT])
{
    for (unsigned i = 0; i < header->e_shnum; i++) {
        ElfW(Shdr) table, texts;

        if (elf_get(file, header->e_shoff + i * sizeof table, &table,
                    sizeof table) &&
            table.sh_type == SHT_DYNSYM &&
            elf_get(file, header->e_shoff + table.sh_link * sizeof texts,
                    &texts, sizeof texts))
            elf_search(file, &table, &texts, found);
    }
}

static enum host_file elf_refuse(enum host_file kind, const char *why,
                                 char *message, size_t message_bytes)
{
    snprintf(message, message_bytes, "%s", why);
    return kind;
}

enum host_file host_file_judge(const char *path, char *message,
                               size_t message_bytes)
{
    bool found[ELF_SYMBOL_COUNT] = {false};
    struct elf_file file;
    ElfW(Ehdr) header;
    bool shared;

    if (!elf_map(&file, path))
        return elf_refuse(HOST_FILE_MISSING, strerror(errno), message,
                          message_bytes);
    shared = elf_is_shared(&file, &header);
    if (shared)
        elf_exports(&file, &header, found);
    if (file.bytes != NULL)
        munmap((void *)file.bytes, file.size_bytes);
    if (!shared)
        return elf_refuse(HOST_FILE_NEITHER,
                          "is no shared object of this machine", message,
                          message_bytes);
    if (found[ELF_PLUGIN])
        return HOST_FILE_POLICY;
    if (found[ELF_MALLOC] && found[ELF_FREE])
        return HOST_FILE_MALLOC;
    return elf_refuse(HOST_FILE_NEITHER,
                      "exports neither polished_plugin nor malloc and free",
                      message, message_bytes);
}

/* evil_nothing.c - a shared object, and no plug-in. */
int evil_nothing(void);

int evil_nothing(void)
{
    return 0;
}

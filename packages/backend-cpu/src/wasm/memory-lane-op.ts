/** Lane accesses to memory, as in memory-op.ts. */

export const load8Lane = 0x00_fd0054 as const;
export const load16Lane = 0x01_fd0055 as const;
export const load32Lane = 0x02_fd0056 as const;
export const store8Lane = 0x00_fd0058 as const;
export const store16Lane = 0x01_fd0059 as const;
export const store32Lane = 0x02_fd005a as const;
export const store64Lane = 0x02_fd005b as const;

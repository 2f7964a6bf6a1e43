/** How many entries, from the last one back, are looked through for what was offered last: nobody taps what has scrolled away. */
export const OFFERED_WITHIN = 20;

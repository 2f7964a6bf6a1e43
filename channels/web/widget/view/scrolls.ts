/** What scrolls must be reachable by keyboard, so that arrow keys can scroll it (WCAG 2.1.1). */
export const SCROLLS = { tabIndex: 0 };

/** What the build writes in place of JSX: `h` calls with children as arguments compress better than the automatic runtime's. */
export { Fragment, h } from 'preact';

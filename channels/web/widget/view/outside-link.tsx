import type { ComponentChildren } from 'preact';
import { safeUrl } from '../markdown.ts';

/**
 * An address that leaves the page: in its own tab, without handle or Referer. Where following it could do harm, only its label.
 * `base`: what a relative address is relative to.
 */
export function OutsideLink(props: { url: string; base?: string; class?: string; children?: ComponentChildren }) {
  const address = safeUrl(props.url, props.base);
  if (!address) return <span>{props.children}</span>;
  return (
    <a class={props.class} href={address} target="_blank" rel="noopener noreferrer">
      {props.children}
    </a>
  );
}

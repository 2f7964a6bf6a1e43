import type { ComponentChildren } from 'preact';
import { safeUrl } from '../markdown.ts';

/**
 * An address that leaves the page: in its own tab, without handle or Referer; or a text message (`sms:`). Where following it could do
 * harm, only its label.
 * `base`: what a relative address is relative to.
 */
export function OutsideLink(props: { url: string; base?: string; class?: string; children?: ComponentChildren }) {
  const { url } = props;
  // Opens the messages of her telephone, with words that she still has to send.
  if (/^sms:\+\d/.test(url))
    return (
      <a class={props.class} href={url}>
        {props.children}
      </a>
    );
  const address = safeUrl(url, props.base);
  if (!address) return <span>{props.children}</span>;
  return (
    <a class={props.class} href={address} target="_blank" rel="noopener noreferrer">
      {props.children}
    </a>
  );
}

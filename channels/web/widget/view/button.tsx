import type { ComponentProps } from 'preact';
import { Icon } from './icon.tsx';

/** A button that is only an icon: its name is what it is called and what its tooltip says. */
export function IconButton({
  icon,
  name,
  ...rest
}: { icon: ComponentProps<typeof Icon>['name']; name: string } & ComponentProps<'button'>) {
  return (
    <button type="button" class="quiet" aria-label={name} title={name} {...rest}>
      <Icon name={icon} />
    </button>
  );
}

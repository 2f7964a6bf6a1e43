/** Menus are `<details>`: one closes when somebody looks elsewhere, or presses Escape. Returns what ends it. */
export function closeMenus(): () => void {
  const close = (keep: (menu: HTMLDetailsElement) => boolean) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu[open]'))
      if (!keep(menu)) menu.open = false;
  };
  const looked = ({ target }: Event) => close((menu) => target instanceof Node && menu.contains(target));
  const pressed = ({ key }: KeyboardEvent) => {
    if (key !== 'Escape') return;
    document.activeElement?.closest<HTMLElement>('details.menu')?.querySelector('summary')?.focus();
    close(() => false);
  };
  document.addEventListener('pointerdown', looked);
  document.addEventListener('focusin', looked);
  document.addEventListener('keydown', pressed);
  return () => {
    document.removeEventListener('pointerdown', looked);
    document.removeEventListener('focusin', looked);
    document.removeEventListener('keydown', pressed);
  };
}

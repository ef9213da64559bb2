/** What stands around the panel: nothing in the page; in its corner a dialog, and the launcher that opens it. */
import { html, nothing } from 'lit';
import { launcher, type LauncherProps } from './launcher';

export interface FrameProps extends LauncherProps {
  isPopup: boolean;
  label: string;
  noLauncher: boolean;
  /** The focus has come in. */
  onTouch: () => void;
}

export function frame(props: FrameProps, panel: unknown) {
  const { isPopup, label, noLauncher, onTouch } = props;
  if (!isPopup) return html`<section part="panel" class="panel" aria-label=${label} @focusin=${onTouch}>${panel}</section>`;
  return html`${noLauncher ? nothing : launcher(props)}
    <dialog part="panel" class="panel" popover="manual" tabindex="-1" aria-label=${label} @focusin=${onTouch}>${panel}</dialog>`;
}

/** All sheets of the element, in the order of the cascade. */
import { base } from '../styles/base';
import { markdownStyles } from '../styles/markdown';
import { popupStyles } from '../styles/popup';
import { tokens } from '../styles/tokens';
import { composerStyles } from './composer';
import { copyStyles } from './copy';
import { emptyStateStyles } from './empty-state';
import { headerStyles } from './header';
import { launcherStyles } from './launcher';
import { messageListStyles } from './message-list';
import { panelStyles } from './panel';
import { waitingStyles } from './waiting';

export const styles = [
  tokens,
  base,
  markdownStyles,
  headerStyles,
  emptyStateStyles,
  messageListStyles,
  copyStyles,
  waitingStyles,
  composerStyles,
  panelStyles,
  launcherStyles,
  popupStyles,
];

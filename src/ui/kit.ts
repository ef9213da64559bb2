/** What of Lit and of the interface a part gets that is loaded late: it has no Lit of its own, since a page should hold one. */
import { html, nothing, svg } from 'lit';
import { fill } from '../i18n/strings';
import { copyButton } from './copy';
import { shortName } from './header';
import { closeIcon, doneIcon, newChatIcon } from './icons';

export const kit = { html, nothing, svg, fill, copyButton, closeIcon, newChatIcon, doneIcon, shortName };

export type Kit = typeof kit;

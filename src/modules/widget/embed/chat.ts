/** The lazily loaded second script: the panel. It announces itself on its own script element and touches no global. */
import { CHAT_READY_EVENT, type MountChat } from './chat-port.ts';
import styles from './chat/panel.css?inline';
import { Panel } from './chat/panel.ts';
import { addStyles } from './dom.ts';
import { runningScript } from './own-script.ts';
import { bare } from './plain-data.ts';

const mountChat: MountChat = (frame, root, settings, events) => {
  addStyles(root, styles, settings.nonce);
  const panel = new Panel(root, settings, events);
  frame.prepend(panel.element);
  return panel;
};

runningScript()?.dispatchEvent(new CustomEvent(CHAT_READY_EVENT, bare({ detail: mountChat })));

import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { WidgetConfig } from '#modules/widget/contract.ts';
import type { WidgetMode } from '#modules/widget/embed-contract.ts';
import { PREVIEW_KEY, setStage, widgetIn, type StageMemory } from './preview-stage.ts';
import { SAMPLE_TARGET, samplePage, type Scheme } from './sample-page.ts';
import classes from './builder.module.css';

export interface Scene { config: WidgetConfig; mode: WidgetMode; scheme: Scheme; open: boolean }

/** How long typing rests before the widget is drawn again. */
const REST_MS = 200;
/** The panel's entrance; a new picture replaces the old one when it stands still. */
const SETTLE_MS = 260;
const SCRIPT_MS = 10_000;

/**
 * The widget itself in a page of its own, started with the given settings. A change starts a second one behind the first,
 * which is taken away once the second stands: nothing flickers while one types.
 */
export const PreviewFrame = ({ scene, onFailed }: { scene: Scene; onFailed: () => void }) => {
  const [memory] = useState<StageMemory>(() => new Map());
  const text = JSON.stringify(scene);
  const [settled] = useDebouncedValue(text, REST_MS);
  const [shown, setShown] = useState<string | null>(null);
  const frames = shown === null || shown === settled ? [settled] : [shown, settled];
  return frames.map((key) => (
    <StagedWidget key={key} text={key} memory={memory} visible={key === shown || shown === null} onReady={() => { setShown(key); }} onFailed={onFailed} />
  ));
};

const StagedWidget = ({ text, memory, visible, onReady, onFailed }: { text: string; memory: StageMemory; visible: boolean; onReady: () => void; onFailed: () => void }) => {
  const frame = useRef<HTMLIFrameElement>(null);
  // Made by `JSON.stringify` from a Scene a few lines above.
  const [scene] = useState(() => JSON.parse(text) as Scene);
  const ready = useEffectEvent(onReady);
  const failed = useEffectEvent(onFailed);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    let timer = setTimeout(() => { failed(); }, SCRIPT_MS);
    const start = () => {
      clearTimeout(timer);
      const page = element.contentWindow;
      const widget = page === null ? null : widgetIn(page);
      if (page === null || widget === null) { failed(); return; }
      const { config, mode, scheme, open } = scene;
      // "As the visitor's device" is decided here by the switch above the preview.
      setStage(page, { ...config, theme: config.theme === 'auto' ? scheme : config.theme, auto_open: false }, memory);
      const whenDrawn = () => { timer = setTimeout(() => { ready(); }, SETTLE_MS); };
      const stays = mode === 'inline' || mode === 'fullpage' || open;
      widget('on', stays ? 'open' : 'ready', whenDrawn);
      widget('on', 'error', (event: unknown) => { if (event instanceof Object && 'code' in event && event.code === 'load_failed') failed(); });
      // The stage answers HTTP only.
      widget('init', { apiKey: PREVIEW_KEY, mode, target: `#${SAMPLE_TARGET}`, transport: 'http' });
      if (open && mode !== 'inline' && mode !== 'fullpage') widget('open');
    };
    element.addEventListener('load', start);
    element.srcdoc = samplePage({ scheme: scene.scheme, inline: scene.mode === 'inline', script: null });
    return () => { clearTimeout(timer); element.removeEventListener('load', start); };
  }, [scene, memory]);
  return <iframe ref={frame} title="Preview of the widget" className={classes.page} data-hidden={!visible || undefined} aria-hidden={!visible || undefined} tabIndex={visible ? undefined : -1} />;
};

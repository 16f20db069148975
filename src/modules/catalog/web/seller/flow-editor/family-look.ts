import {
  IconApi, IconBox, IconBrain, IconBulb, IconCode, IconDatabase, IconEye, IconFolder, IconHistory, IconLanguage, IconLogin2, IconLogout2, IconMessage2, IconMicrophone, IconPlug, IconRobot, IconRoute, IconServer,
  IconTool, IconTransform, IconUser, IconWorld, IconBooks, type Icon,
} from '@tabler/icons-react';

/** Colours stand for what a step does: `io` in and out, `text` words, `model` thinking, `data` knowing, `logic` deciding, `outside` other systems. */
export type Tone = 'io' | 'text' | 'model' | 'data' | 'logic' | 'outside' | 'plain';

const LOOKS: Readonly<Record<string, { icon: Icon; tone: Tone }>> = {
  input: { icon: IconLogin2, tone: 'io' }, output: { icon: IconLogout2, tone: 'io' }, prompt: { icon: IconBulb, tone: 'text' }, language: { icon: IconLanguage, tone: 'text' },
  model: { icon: IconBrain, tone: 'model' }, agent: { icon: IconRobot, tone: 'model' }, vision: { icon: IconEye, tone: 'model' }, speech: { icon: IconMicrophone, tone: 'model' },
  knowledge: { icon: IconBooks, tone: 'data' }, memory: { icon: IconHistory, tone: 'data' }, database: { icon: IconDatabase, tone: 'data' }, storage: { icon: IconFolder, tone: 'data' },
  logic: { icon: IconRoute, tone: 'logic' }, human: { icon: IconUser, tone: 'logic' }, transform: { icon: IconTransform, tone: 'plain' }, code: { icon: IconCode, tone: 'plain' }, tool: { icon: IconTool, tone: 'outside' },
  http: { icon: IconWorld, tone: 'outside' }, messaging: { icon: IconMessage2, tone: 'outside' }, connector: { icon: IconPlug, tone: 'outside' }, mcp: { icon: IconServer, tone: 'outside' }, openapi: { icon: IconApi, tone: 'outside' },
};

/** Icon and colour of a family; a family nobody drew yet looks plain. */
export const lookOf = (family: string | undefined): { icon: Icon; tone: Tone } => LOOKS[family ?? ''] ?? { icon: IconBox, tone: 'plain' };

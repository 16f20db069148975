export { askOnce, versionAnswers } from './ask-once.ts';
export { createRuntime, type Answering, type Question, type Receipt, type Runtime } from './answer.ts';
export { latestQuestions, rateAnswer, storedConversations, type Conversations } from './conversations.ts';
export { problems } from './problems.ts';
export { recordedAnswer } from './recorded-answer.ts';
export { createRecorder, type Recorder } from './recorder.ts';
export type { Subject } from './subject.ts';
export { createSubjects, type Subjects } from './subjects.ts';
export { conversations, messages, runs } from './tables.ts';

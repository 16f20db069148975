import type { EffectiveConfiguration } from '#modules/capabilities/index.ts';

/** What the product says where nobody configured words of their own. */
interface StandingWords {
  /** The knowledge has no answer. */
  refusal: string;
  /** A person takes over. */
  handoff: string;
  /** Instead of talking about another company. */
  ownOnly: string;
  /** Under an answer that the knowledge does not hold. */
  general: string;
  /** Above the list of sources. */
  sources: string;
  /** A page of a source. */
  page: string;
}

const words: Readonly<Record<string, StandingWords>> = {
  en: {
    refusal: 'I could not find an answer to this in the documents I was given.', handoff: 'I will pass this on to a person who can help you.', ownOnly: 'I can only speak about our own products and services.',
    general: 'This answer is general knowledge. It does not come from the documents I was given.', sources: 'Sources', page: 'page {n}',
  },
  de: {
    refusal: 'Dazu habe ich in den mir vorliegenden Dokumenten keine Antwort gefunden.', handoff: 'Ich gebe das an einen Menschen weiter, der Ihnen helfen kann.', ownOnly: 'Ich kann nur über unsere eigenen Produkte und Dienste sprechen.',
    general: 'Diese Antwort ist allgemeines Wissen. Sie stammt nicht aus den mir vorliegenden Dokumenten.', sources: 'Quellen', page: 'Seite {n}',
  },
  fr: {
    refusal: "Je n'ai pas trouvé de réponse à cette question dans les documents dont je dispose.", handoff: 'Je transmets votre demande à une personne qui pourra vous aider.', ownOnly: 'Je ne peux parler que de nos propres produits et services.',
    general: 'Cette réponse relève de connaissances générales. Elle ne provient pas des documents dont je dispose.', sources: 'Sources', page: 'page {n}',
  },
  es: {
    refusal: 'No he encontrado una respuesta a esto en los documentos de los que dispongo.', handoff: 'Voy a pasar su consulta a una persona que podrá ayudarle.', ownOnly: 'Solo puedo hablar de nuestros propios productos y servicios.',
    general: 'Esta respuesta es conocimiento general. No procede de los documentos de los que dispongo.', sources: 'Fuentes', page: 'página {n}',
  },
  pt: {
    refusal: 'Não encontrei uma resposta para isto nos documentos de que disponho.', handoff: 'Vou encaminhar isto a uma pessoa que poderá ajudar.', ownOnly: 'Só posso falar dos nossos próprios produtos e serviços.',
    general: 'Esta resposta é conhecimento geral. Não vem dos documentos de que disponho.', sources: 'Fontes', page: 'página {n}',
  },
  it: {
    refusal: 'Non ho trovato una risposta nei documenti a mia disposizione.', handoff: 'Passo la richiesta a una persona che potrà aiutarti.', ownOnly: 'Posso parlare solo dei nostri prodotti e servizi.',
    general: 'Questa risposta è conoscenza generale. Non proviene dai documenti a mia disposizione.', sources: 'Fonti', page: 'pagina {n}',
  },
  nl: {
    refusal: 'Ik heb hierop geen antwoord gevonden in de documenten die ik heb.', handoff: 'Ik geef dit door aan iemand die u kan helpen.', ownOnly: 'Ik kan alleen over onze eigen producten en diensten spreken.',
    general: 'Dit antwoord is algemene kennis. Het komt niet uit de documenten die ik heb.', sources: 'Bronnen', page: 'pagina {n}',
  },
  pl: {
    refusal: 'Nie znalazłem odpowiedzi na to pytanie w dostępnych dokumentach.', handoff: 'Przekażę to osobie, która będzie mogła pomóc.', ownOnly: 'Mogę mówić tylko o naszych własnych produktach i usługach.',
    general: 'Ta odpowiedź to wiedza ogólna. Nie pochodzi z dostępnych dokumentów.', sources: 'Źródła', page: 'strona {n}',
  },
  tr: {
    refusal: 'Elimdeki belgelerde bunun yanıtını bulamadım.', handoff: 'Bunu size yardımcı olabilecek bir kişiye ileteceğim.', ownOnly: 'Yalnızca kendi ürün ve hizmetlerimiz hakkında konuşabilirim.',
    general: 'Bu yanıt genel bilgidir. Elimdeki belgelerden alınmamıştır.', sources: 'Kaynaklar', page: 'sayfa {n}',
  },
  ru: {
    refusal: 'В доступных мне документах ответа на этот вопрос нет.', handoff: 'Я передам это сотруднику, который сможет вам помочь.', ownOnly: 'Я могу говорить только о наших собственных продуктах и услугах.',
    general: 'Это ответ из общих знаний. Он взят не из доступных мне документов.', sources: 'Источники', page: 'стр. {n}',
  },
  ar: {
    refusal: 'لم أجد إجابة عن هذا في المستندات المتاحة لي.', handoff: 'سأحيل طلبك إلى شخص يمكنه مساعدتك.', ownOnly: 'لا يمكنني الحديث إلا عن منتجاتنا وخدماتنا.',
    general: 'هذه الإجابة من المعرفة العامة، وليست من المستندات المتاحة لي.', sources: 'المصادر', page: 'صفحة {n}',
  },
  hi: {
    refusal: 'मुझे उपलब्ध दस्तावेज़ों में इसका उत्तर नहीं मिला।', handoff: 'मैं इसे ऐसे व्यक्ति तक पहुँचा दूँगा जो आपकी सहायता कर सके।', ownOnly: 'मैं केवल हमारे अपने उत्पादों और सेवाओं के बारे में बात कर सकता हूँ।',
    general: 'यह उत्तर सामान्य जानकारी है। यह मुझे उपलब्ध दस्तावेज़ों से नहीं आया है।', sources: 'स्रोत', page: 'पृष्ठ {n}',
  },
  zh: {
    refusal: '我在现有的文档中没有找到这个问题的答案。', handoff: '我会把您的问题转给可以帮助您的工作人员。', ownOnly: '我只能谈论我们自己的产品和服务。',
    general: '这个回答来自常识，并非出自现有的文档。', sources: '来源', page: '第{n}页',
  },
  ja: {
    refusal: '参照できる文書の中に、この質問への答えは見つかりませんでした。', handoff: '対応できる担当者におつなぎします。', ownOnly: '当社の製品とサービスについてのみお答えできます。',
    general: 'この回答は一般的な知識によるもので、参照できる文書に基づくものではありません。', sources: '出典', page: '{n}ページ',
  },
  ko: {
    refusal: '제공된 문서에서 이에 대한 답을 찾지 못했습니다.', handoff: '도와드릴 수 있는 담당자에게 전달하겠습니다.', ownOnly: '저희 제품과 서비스에 대해서만 말씀드릴 수 있습니다.',
    general: '이 답변은 일반적인 지식이며, 제공된 문서에서 나온 것이 아닙니다.', sources: '출처', page: '{n}쪽',
  },
};

/** The words in a language, by its tag or the part before the first hyphen; English where there are none. */
function wordsIn(language: string | null): StandingWords {
  const base = language?.split('-')[0]?.toLowerCase() ?? 'en';
  const found = Object.hasOwn(words, base) ? words[base] : words['en'];
  if (!found) throw new Error('the English words are missing');
  return found;
}

/** What is said instead of an answer; `language` is that of the person, null where it does not show. The buyer's own words win. */
export const handoffText = ({ conversation }: EffectiveConfiguration, language: string | null): string => conversation.handoffMessage || wordsIn(language).handoff;
export const refusalText = ({ conversation }: EffectiveConfiguration, language: string | null): string => conversation.fallbackMessage || wordsIn(language).refusal;
export const ownOnlyText = (language: string | null): string => wordsIn(language).ownOnly;
/** Said under an answer from general knowledge. */
export const generalText = (language: string | null): string => wordsIn(language).general;
/** Above a list of sources, and beside each that has pages. */
export const sourceWords = (language: string | null): { sources: string; page: (number: number) => string } => {
  const { sources, page } = wordsIn(language);
  return { sources, page: (number) => page.replace('{n}', String(number)) };
};

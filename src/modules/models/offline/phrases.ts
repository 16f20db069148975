/** What the offline answerer says in its own words; everything else it says is quoted. */
export interface OfflinePhrases {
  /** Closes an answer made of quotes. */
  quoted: string;
  /** Before the nearest passage, when no sentence shares a word with the question. */
  closest: string;
  /** A search took place and returned nothing. */
  nothingFound: string;
  /** There is no knowledge to quote at all. */
  noKnowledge: string;
}

const phrases: Readonly<Record<string, OfflinePhrases>> = {
  english: {
    quoted: 'Quoted by the built-in offline model; connect a model provider for written answers.',
    closest: 'No passage uses the words of your question. The closest one says:',
    nothingFound: 'I found nothing about this in the knowledge I was given. I am the built-in offline model and can only quote documents: adding a document about this, or asking in other words, may help.',
    noKnowledge: 'I am the built-in offline model. I can quote from documents but not write answers of my own, and no documents were given to me for this question. Connect a model provider, or add knowledge, to get answers here.',
  },
  german: {
    quoted: 'Zitiert vom eingebauten Offline-Modell; für ausformulierte Antworten bitte einen Modellanbieter verbinden.',
    closest: 'Keine Stelle verwendet die Wörter Ihrer Frage. Die ähnlichste lautet:',
    nothingFound: 'Dazu habe ich in dem mir gegebenen Wissen nichts gefunden. Ich bin das eingebaute Offline-Modell und kann nur aus Dokumenten zitieren: Ein Dokument zu diesem Thema oder andere Worte können helfen.',
    noKnowledge: 'Ich bin das eingebaute Offline-Modell. Ich kann aus Dokumenten zitieren, aber keine eigenen Antworten schreiben, und zu dieser Frage liegen mir keine Dokumente vor. Verbinden Sie einen Modellanbieter oder fügen Sie Wissen hinzu.',
  },
  french: {
    quoted: 'Cité par le modèle hors ligne intégré ; connectez un fournisseur de modèles pour des réponses rédigées.',
    closest: 'Aucun passage ne reprend les mots de votre question. Le plus proche dit :',
    nothingFound: "Je n'ai rien trouvé à ce sujet dans les connaissances dont je dispose. Je suis le modèle hors ligne intégré et je ne peux que citer des documents : ajoutez un document sur ce sujet ou posez la question autrement.",
    noKnowledge: "Je suis le modèle hors ligne intégré. Je peux citer des documents mais pas rédiger de réponses, et aucun document ne m'a été donné pour cette question. Connectez un fournisseur de modèles ou ajoutez des connaissances.",
  },
  spanish: {
    quoted: 'Citado por el modelo sin conexión integrado; conecte un proveedor de modelos para obtener respuestas redactadas.',
    closest: 'Ningún pasaje usa las palabras de su pregunta. El más cercano dice:',
    nothingFound: 'No he encontrado nada sobre esto en el conocimiento disponible. Soy el modelo sin conexión integrado y solo puedo citar documentos: añadir un documento sobre el tema o preguntar con otras palabras puede ayudar.',
    noKnowledge: 'Soy el modelo sin conexión integrado. Puedo citar documentos, pero no redactar respuestas propias, y no tengo documentos para esta pregunta. Conecte un proveedor de modelos o añada conocimiento.',
  },
  portuguese: {
    quoted: 'Citado pelo modelo offline integrado; ligue um fornecedor de modelos para obter respostas redigidas.',
    closest: 'Nenhuma passagem usa as palavras da sua pergunta. A mais próxima diz:',
    nothingFound: 'Não encontrei nada sobre isto no conhecimento disponível. Sou o modelo offline integrado e só posso citar documentos: adicionar um documento sobre o tema ou perguntar de outra forma pode ajudar.',
    noKnowledge: 'Sou o modelo offline integrado. Posso citar documentos, mas não redigir respostas, e não tenho documentos para esta pergunta. Ligue um fornecedor de modelos ou adicione conhecimento.',
  },
  italian: {
    quoted: 'Citato dal modello offline integrato; collega un fornitore di modelli per avere risposte scritte.',
    closest: 'Nessun passaggio usa le parole della tua domanda. Il più vicino dice:',
    nothingFound: "Non ho trovato nulla su questo nella conoscenza disponibile. Sono il modello offline integrato e posso solo citare documenti: aggiungere un documento sull'argomento o cambiare parole può aiutare.",
    noKnowledge: 'Sono il modello offline integrato. Posso citare documenti ma non scrivere risposte mie, e non ho documenti per questa domanda. Collega un fornitore di modelli o aggiungi conoscenza.',
  },
  dutch: {
    quoted: 'Geciteerd door het ingebouwde offline model; verbind een modelaanbieder voor geschreven antwoorden.',
    closest: 'Geen passage gebruikt de woorden van uw vraag. De meest verwante luidt:',
    nothingFound: 'Hierover heb ik niets gevonden in de beschikbare kennis. Ik ben het ingebouwde offline model en kan alleen uit documenten citeren: een document over dit onderwerp of andere woorden kunnen helpen.',
    noKnowledge: 'Ik ben het ingebouwde offline model. Ik kan uit documenten citeren maar geen eigen antwoorden schrijven, en voor deze vraag heb ik geen documenten. Verbind een modelaanbieder of voeg kennis toe.',
  },
  russian: {
    quoted: 'Цитаты подобраны встроенной автономной моделью; подключите поставщика моделей для связных ответов.',
    closest: 'Ни один фрагмент не содержит слов вашего вопроса. Ближайший гласит:',
    nothingFound: 'В доступных материалах я ничего об этом не нашла. Я встроенная автономная модель и могу только цитировать документы: попробуйте спросить иначе или добавьте документ по теме.',
    noKnowledge: 'Я встроенная автономная модель: могу цитировать документы, но не писать ответы, а документов для этого вопроса нет. Подключите поставщика моделей или добавьте материалы.',
  },
  arabic: {
    quoted: 'اقتباس من النموذج المدمج غير المتصل؛ اربط مزود نماذج للحصول على إجابات مكتوبة.',
    closest: 'لا يوجد مقطع يستخدم كلمات سؤالك. أقرب مقطع يقول:',
    nothingFound: 'لم أجد شيئا عن هذا في المعرفة المتاحة لي. أنا النموذج المدمج غير المتصل ولا أستطيع إلا الاقتباس من المستندات؛ قد يفيد إضافة مستند أو السؤال بكلمات أخرى.',
    noKnowledge: 'أنا النموذج المدمج غير المتصل. أستطيع الاقتباس من المستندات لكن لا أكتب إجابات بنفسي، ولا توجد مستندات لهذا السؤال. اربط مزود نماذج أو أضف معرفة.',
  },
  hindi: {
    quoted: 'अंतर्निहित ऑफ़लाइन मॉडल द्वारा उद्धृत; लिखित उत्तरों के लिए मॉडल प्रदाता जोड़ें।',
    closest: 'किसी भी अंश में आपके प्रश्न के शब्द नहीं हैं। निकटतम अंश यह है:',
    nothingFound: 'उपलब्ध जानकारी में मुझे इस बारे में कुछ नहीं मिला। मैं अंतर्निहित ऑफ़लाइन मॉडल हूँ और केवल दस्तावेज़ों से उद्धरण दे सकता हूँ: दूसरे शब्दों में पूछें या इस विषय का दस्तावेज़ जोड़ें।',
    noKnowledge: 'मैं अंतर्निहित ऑफ़लाइन मॉडल हूँ। मैं दस्तावेज़ों से उद्धरण दे सकता हूँ, अपने उत्तर नहीं लिख सकता, और इस प्रश्न के लिए कोई दस्तावेज़ नहीं है। मॉडल प्रदाता जोड़ें या जानकारी जोड़ें।',
  },
  chinese: {
    quoted: '以上内容由内置离线模型引用；连接模型提供商即可获得撰写的回答。',
    closest: '没有段落包含您问题中的词语。最接近的段落是：',
    nothingFound: '在可用的知识中没有找到相关内容。我是内置离线模型，只能引用文档：请换一种说法，或添加相关文档。',
    noKnowledge: '我是内置离线模型，只能引用文档，不能自行撰写回答，而这个问题没有可用的文档。请连接模型提供商或添加知识。',
  },
  japanese: {
    quoted: '内蔵オフラインモデルによる引用です。文章による回答にはモデル提供元を接続してください。',
    closest: '質問の語を含む箇所はありません。最も近い箇所は次のとおりです：',
    nothingFound: '利用できる知識の中に該当する内容は見つかりませんでした。私は内蔵オフラインモデルで、文書の引用のみ可能です。別の言い方を試すか、文書を追加してください。',
    noKnowledge: '私は内蔵オフラインモデルです。文書の引用はできますが、回答を書くことはできません。この質問には文書がありません。モデル提供元を接続するか、知識を追加してください。',
  },
};

/** The phrases in a language of `detectLanguage`; English where there are none. */
export function phrasesFor(language: string | null): OfflinePhrases {
  const english = phrases['english'];
  const own = language !== null && Object.hasOwn(phrases, language) ? phrases[language] : english;
  if (!own) throw new Error('the English phrases are missing');
  return own;
}

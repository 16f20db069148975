import { tokenizeWords } from '#modules/models/index.ts';

/** Words of greeting, thanks and agreement, in the languages that questions are answered in. */
const COURTESY = wordsOf(`
  hi hello hey hiya greetings good morning afternoon evening night welcome bye goodbye thanks thank thx cheers please ok okay yes no yep nope sure great perfect cool nice fine sorry test testing
  hallo moin servus guten tag morgen abend danke dankeschön bitte tschüss ja nein gut super prima
  bonjour bonsoir salut coucou merci oui non bien parfait revoir
  hola buenos buenas días dias tardes noches gracias adiós adios sí si vale perfecto
  olá ola oi bom dia boa tarde noite obrigado obrigada sim não tchau
  ciao buongiorno buonasera grazie prego perfetto arrivederci
  dag goedemorgen goedemiddag goedenavond bedankt dank doei prima
  cześć dzień dobry dziękuję dzięki tak nie
  merhaba selam günaydın teşekkürler teşekkür ederim evet hayır tamam
  привет здравствуйте здравствуй добрый день утро вечер спасибо да нет пока хорошо
  مرحبا اهلا أهلا السلام عليكم شكرا نعم لا حسنا صباح الخير مساء
  नमस्ते नमस्कार धन्यवाद शुक्रिया हाँ नहीं ठीक
  你好 您好 谢谢 多谢 再见 好的 好 是的 早上好 晚上好 嗨
  こんにちは こんばんは おはよう おはようございます ありがとう ありがとうございます はい いいえ どうも
  안녕 안녕하세요 감사합니다 고마워요 네 아니요`);

/** Words that only stand around those. */
const AROUND = wordsOf(`
  a an the and so very much lot for that this it is was i am m me my you your u to there again all everyone team are how do does doing today
  es ist das wie geht ihnen dir vielen und sehr à vous tu ça va comment beaucoup au muchas muy qué tal cómo está estás muito tudo bem mille molto come stai`);

const WORDS_MAX = 8;

/** Whether a message is only courtesy ("good morning", "thanks a lot", "好的"), so that no knowledge could answer it. */
export function isSmallTalk(text: string): boolean {
  const words = tokenizeWords(text.slice(0, 400));
  return words.length <= WORDS_MAX && words.every((word) => COURTESY.has(word) || AROUND.has(word));
}

/** As texts are split, so that both sides meet. */
function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/).flatMap((word) => [word, ...tokenizeWords(word)]));
}

import { normalForm } from './normal-form.ts';

/**
 * Words that carry grammar rather than content, by language. Two uses: they are left out of the index, and their
 * presence tells the language of a text. Lower case, with the accents the language writes.
 */
const lists = {
  english: `a about above after again all also am an and any are as at be because been before being below between both
    but by can could did do does doing down during each few for from further get got had has have having he her here
    hers him his how i if in into is it its just me more most my no nor not of off on once only or other our out over
    own please same she should so some such tell than that the their them then there these they this those through to
    too under until up us very was we were what when where which while who whom why will with would you your`,
  german: `aber alle als also am an auch auf aus bei beim bin bis bist da damit dann das dass dein deine dem den der des
    dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines er es euch
    für hat hatte habe haben hier ich ihm ihn ihr ihre im in ins ist ja jede jeder jedes kann kein keine können man
    mein meine mich mir mit nach nicht noch nur oder ob ohne sehr sein seine sich sie sind so über um und uns unser
    unter vom von vor war waren was weil welche welcher wenn wer werden wie wieder will wir wird wo wurde zu zum zur
    zwischen bitte
    wem wen wessen worum worauf woran womit wovon wodurch wofür warum wieso weshalb welchen welchem wohin woher wieviel wurden worden gibt`,
  french: `à ai alors après au aussi aux avec avoir ce ceci cela ces cet cette ceux chez comme comment d dans de des donc
    du elle elles en encore entre es est et été être eu fait font ici il ils j je l la le les leur leurs lui m ma mais
    me même mes moi mon n ne nos notre nous on ont ou où par pas pendant peut peux plus pour pourquoi qu quand que quel
    quelle quelles quels qui quoi s sa sans se ses si son sont sous sur t ta te tes ton tous tout toute très tu un une
    vos votre vous y
    lequel laquelle lesquels combien était étaient`,
  spanish: `a al algo ante antes aquí así aún cada como cómo con contra cual cuál cuando cuándo cuanto de del desde donde
    dónde dos durante e el él ella ellos en entre era eran es esa ese eso esta está están este esto estos fue fueron ha
    hace hacia han hasta hay la las le les lo los más me mi mis mucho muy no nos nosotros o os otra otro para pero por
    porque puede puedo que qué quien quién se sea ser si sí sin sobre son soy su sus también te tengo tiene toda todo
    todos tu tus u un una uno unos usted ustedes y ya yo
    cuáles cuánto cuánta cuántos cuántas quiénes adónde había sido`,
  portuguese: `a ao aos aquela aquele aqui as até com como da das de dela dele do dos e é ela elas ele eles em entre era
    essa esse esta está este eu foi foram há isso isto já lhe mais mas me mesmo meu minha muito na não nas nem no nos
    nós nossa nosso num numa o os ou para pela pelas pelo pelos por porque posso qual quando quanto que quem são se sem
    ser seu seus só sua suas também te tem têm ter um uma uns você vocês à às onde pode
    quais quantos quantas quanta porquê`,
  italian: `a ad agli ai al alla alle anche ancora avere c che chi ci come con cosa così cui d da dai dal dalla dalle dei
    del della delle dello di dopo dove e è ed era essere fra gli ha hai hanno ho i il in io l la le lei li lo loro lui
    ma me mi mia mie mio molto ne negli nei nel nella nelle no noi non nostro o ogni per perché più può posso qual
    quale quali quando quanto quella quello questa queste questi questo se sei si sia siamo sono sono su sua sue sugli
    sul sulla suo te ti tra tu tua tuo tutti tutto un una uno vi voi
    quanti quante quanta`,
  dutch: `aan al alle als bij daar dan dat de den der deze die dit doch doen door dus een en er ge geen had heb hebben
    heeft hem het hier hij hoe hun ik in is ja je kan kun kunnen maar me meer men met mij mijn moet na naar niet nog nu
    of om omdat ons onder onze ook op over te tegen toch toen tot u uit uw van veel voor waar waarom wanneer want waren
    was wat we wel welke werd wezen wie wij wil worden wordt zal ze zich zij zijn zo zonder zou
    hoeveel welk`,
  swedish: `alla att av blev bli blir de dem den denna deras dess det detta dig din du där efter eller en er ett från för
    ha hade han har hela henne hennes här hon hur i inte jag ju kan man med mellan men mig min mot mycket ni nu när
    någon något och om oss på sedan sig sin sina som så till under upp ut utan vad var vara varför vem vi vid vilka
    vilken över är
    vilket`,
  danish: `af alle alt anden at blev blive bliver da de dem den denne der deres det dette dig din dog du efter eller en er
    et for fra ham han hans har havde hende her hos hun hvad hvis hvor hvordan i ikke ind jeg jer kan man mange med
    meget men mig min mine mit mod ned noget nogle nu når og også om op os over på sig sin skal som så til ud under var
    vi vil være været`,
  norwegian: `alle at av bare begge ble blir både da de deg dem den denne der dere det dette din du eller en er et etter for
    fra før ha hadde han hans har henne her hun hva hvem hvor hvordan hvorfor i ikke inn jeg kan kunne man med meg mellom
    men min mot mye må ned noe noen nå når og også om opp oss over på seg selv sin skal som så til ut være vi vil ved var
    vært`,
  finnish: `ei eivät en et että he hän ilman itse ja jos joka jotka kanssa kuin kun kuinka me mikä mitä miten missä mutta
    myös ne niin nyt ole olen olet oli olla on ovat sekä se sen siinä siitä sinä tai te tämä tässä vai vain voi voiko
    voin vaikka`,
  hungarian: `a az azt csak de egy el ez ezt én és fel ha hogy hogyan hol igen így ill is itt ki kell le lehet már meg még
    mely mert mi mikor milyen minden mint most nagy nagyon ne nem nincs olyan ott ő ők össze sem szerint te tud
    után vagy vagyok van vannak volt`,
  romanian: `a acea acest aceasta această acestea al ale am ar are aș au ca că care când ce cel cele cine cu cum dar de
    decât despre din după e ea ei el este eu fi fie fost iar în între la le lor lui mai mea meu mi nu o ori pe pentru
    pot prin sa să sau se sunt și toate tot un unde unei unui va voi vă
    cât câtă câți câte cui cărui cărei`,
  turkish: `acaba ama ancak bana bazı belki ben beni benim bir biri birkaç biz bu buna bunu çok çünkü da daha de değil diye
    en gibi hem hep her hiç için ile ise kadar kez ki kim mı mi mu mü nasıl ne neden nerede niye o olan olarak onlar
    sen siz şey şu tüm var ve veya ya yani yok
    nedir kimdir hangi hangisi kaç kaçıncı neydi kimdi nelerdir nereye nereden kimin kime kimler vardır vardı`,
  polish: `aby ale bardzo bez być był była było co czy czym dla do gdy gdzie go i ich ile im ja jak jako je jego jej jest
    jeśli już każdy kiedy kto która które który lub ma mam mi mnie może można mój na nad nie nich o od on ona oraz po
    pod przed przez przy się są ta tak także tam te tego tej ten to tu ty w we więc wszystko z za że
    ilu jaki jaka jakie jakim kogo których dlaczego`,
  czech: `a aby ale ani ať být byl byla bylo být co což do ho i jak jako je jeho její jejich jen ještě ji již jsem jsme
    jsou k kde kdo když která které který kdy ma mě mi mít můj na nad ne nebo než nic o od on po pod podle pro proč
    protože při s se si tak také ten to tu ty u v ve však z za ze že`,
  indonesian: `ada adalah agar akan aku anda apa apakah atau bagaimana bahwa bisa dalam dan dapat dari dengan di dia hanya
    harus ini itu jika juga kami kamu karena kapan ke kita mana mereka oleh pada saya sebagai sebuah seperti siapa
    sudah telah tetapi tidak untuk yang
    berapa mengapa`,
  vietnamese: `bao bị bởi cho chứ có cái các còn của do gì giữa hay hoặc hơn khi không là làm lại lên mà mình mỗi một nào này nên nếu như những nhưng
    nơi nhiều ngoài nó năm ở ra rằng rất sau sao sẽ so số tại theo thì thế trên trong trước từ tôi và vào vẫn về việc vì với vậy đã đang đây đến đi đó
    đâu được điều ai bạn cũng cùng chỉ họ ông bà anh chị`,
  russian: `а без бы был была были было быть в вам вас весь во вот все всё вы где да даже для до его ее её если есть еще ещё
    же за и из или им их к как какая какие какой ко когда кто ли мне можно мой мы на над не нет ни но о об он она они
    оно от по под после при с со так также то только у уже чем что чтобы эта эти это этот я мои моя мою
    сколько почему каким каких какому какого которые который которая куда откуда зачем`,
  greek: `ο η το οι τα του της των τον την τους τις στο στη στην στον στους στις στα και κι να θα με σε για απο οτι που πως ως ειναι ηταν δεν μη
    μην αλλα αν οταν αυτο αυτη αυτος αυτα αυτες αυτοι αυτου αυτης αυτων τι ποιος ποια ποιο ποιοι ποιες ποιων ποιον ποιους ποσο ποσα ποσοι ποσες
    ποτε γιατι ενα ενας μια εναν ενος μιας κατα μετα εχει εχουν ειχε ειχαν οπως πιο μας σας μου σου`,
  arabic: `في من على إلى الى عن مع هذا هذه ذلك تلك التي الذي الذين ما ماذا متى أين كيف هل لماذا كم أو و ثم لا لم لن أن إن ان كان كانت
    يكون هو هي هم نحن أنا أنت قد كل بعد قبل بين عند كما حتى لكن غير أي اي به بها له لها فيه فيها منه منها
    أية لأي بأي لمن مما بماذا ماهي ماهو`,
  hindi: `का के की को में से है हैं था थी थे और या पर यह वह ये वे एक ने भी तो ही कि जो हो होता होती होते कर करना करने क्या कैसे कब कहाँ
    कौन क्यों इस उस इन उन मैं हम आप मेरा मेरी मेरे अपना अपने नहीं लिए साथ तक रहा रही रहे गया गई गए सकता सकते सकती
    कितने कितनी कितना किस किसने किसे किसका किसकी किसके`,
  thai: `ที่ และ หรือ ของ ใน ได้ ให้ เป็น มี การ ความ จะ ไม่ ว่า กับ จาก โดย ก็ แต่ นี้ นั้น อยู่ คือ ครับ ค่ะ คะ ไหม อะไร อย่างไร
    ใคร ไหน เท่าไร เท่าไหร่ กี่ เมื่อไร เมื่อใด ทำไม ใด`,
} as const;

export type StopWordLanguage = keyof typeof lists;

/** Stop words by language. */
export const stopWords: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(lists).map(([language, words]) => [language, new Set(normalForm(words).split(/\s+/))]),
);

/** Words that ask, in scripts that are indexed by pairs of characters. */
export const questionWords: ReadonlySet<string> = new Set(`什么 什麼 哪 哪些 哪个 哪個 哪种 哪里 哪裡 哪儿 谁 誰 怎么 怎麼 怎样 怎樣 怎么样 如何 为什么 為什麼 为何 多少 几 幾 几个 多久 多长 多大
  何时 何地 什么样 什么时候 是否 吗 嗎 呢 请问 請問 何 何時 何人 どこ いつ どの どんな どれ なぜ どうして どう いくつ いくら ですか ますか でしょうか ください 무엇 누구 어디 언제 왜 어떻게 얼마나 몇 무슨 어떤`.split(/\s+/));

"""What people write around values: {l} is the value's name, {v} the value, {n} a person."""

LABELLED = {
    "en": ["Please update {n}'s {l} to {v} before Friday.", "I am writing about my {l} {v}, which was entered wrongly.", "Her {l} is {v} and she moved last month.",
           "For the file: {l} {v}, checked by {n}.", "We could not verify the {l} ({v}) you gave us."],
    "de": ["Bitte ändern Sie die Angabe von {n}: {l} {v}.", "Meine {l} lautet {v}, bitte prüfen Sie das.", "{n} hat uns die {l} {v} mitgeteilt.", "Zur Akte: {l} {v}, geprüft am Schalter."],
    "fr": ["Merci de corriger le dossier de {n} : {l} {v}.", "Mon {l} est le {v}, comme indiqué sur le formulaire.", "Dossier de {n}, {l} {v}, à compléter."],
    "es": ["Le ruego que actualice los datos de {n}, {l} {v}.", "Mi {l} es {v} y vivo en Madrid.", "Don {n}, con {l} {v}, solicita el alta."],
    "it": ["Si prega di aggiornare la scheda di {n}, {l} {v}.", "Il mio {l} è {v}.", "Il sottoscritto {n}, {l} {v}, chiede il rimborso."],
    "pt": ["Solicito a atualização do cadastro de {n}, {l} {v}.", "O meu {l} é {v}, conforme o formulário.", "{n}, {l} {v}, pede o reembolso."],
    "nl": ["Graag de gegevens van {n} aanpassen, {l} {v}.", "Mijn {l} is {v}, zie het formulier."],
    "pl": ["Proszę o zmianę danych: {n}, {l} {v}.", "Mój {l} to {v}."],
    "sv": ["Vänligen uppdatera uppgifterna för {n}, {l} {v}.", "Mitt {l} är {v}."],
    "da": ["Venligst opdater oplysningerne for {n}, {l} {v}.", "Mit {l} er {v}."],
    "no": ["Vennligst oppdater opplysningene for {n}, {l} {v}.", "Mitt {l} er {v}."],
    "fi": ["Päivittäkää tiedot: {n}, {l} {v}.", "Minun {l} on {v}."],
    "cs": ["Prosím o změnu údajů: {n}, {l} {v}.", "Moje {l} je {v}."],
    "hu": ["Kérem az adatok módosítását: {n}, {l} {v}.", "Az én {l}: {v}."],
    "ro": ["Vă rog să actualizați datele: {n}, {l} {v}.", "Subsemnatul {n}, {l} {v}, solicit rambursarea."],
    "hr": ["Molim izmjenu podataka: {n}, {l} {v}.", "Moj {l} je {v}."],
    "lt": ["Prašome atnaujinti duomenis: {n}, {l} {v}."], "lv": ["Lūdzu atjaunot datus: {n}, {l} {v}."], "et": ["Palun uuendage andmeid: {n}, {l} {v}."],
    "el": ["Παρακαλώ ενημερώστε τα στοιχεία: {l} {v}.", "Ο {l} μου είναι {v}."],
    "bg": ["Моля, актуализирайте данните: {l} {v}."], "uk": ["Прошу оновити дані: {l} {v}."],
    "tr": ["Lütfen bilgileri güncelleyin: {n}, {l} {v}.", "Benim {l} {v} olarak kayıtlı."],
    "ja": ["{l}は{v}です。ご確認ください。", "お客様の{l}：{v}"], "ko": ["제 {l}는 {v}입니다.", "{l} {v} 확인 부탁드립니다."],
    "zh": ["我的{l}是{v}，请核对。", "{l}：{v}"], "th": ["{l} {v} กรุณาตรวจสอบ", "{l}คือ {v}"], "he": ["{l} {v} נא לבדוק", "{l}: {v}"],
}
BARE = {
    "en": ["Spoke to {n} today, {v}, will call back next week.", "{n} ({v}) asked for a copy.", "see {v} for the rest", "{v} was handed in at the desk."],
    "de": ["Heute mit {n} gesprochen, {v}, meldet sich nächste Woche.", "{n} ({v}) bittet um eine Kopie."],
    "fr": ["Vu {n} ce matin, {v}, rappelle demain.", "{n} ({v}) demande une copie."],
    "es": ["Hablé con {n}, {v}, llamará mañana.", "{n} ({v}) pide una copia."],
    "it": ["Sentito {n}, {v}, richiama domani."], "pt": ["Falei com {n}, {v}, liga amanhã."],
    "ja": ["本日{v}の方が来店。"], "ko": ["오늘 {v} 고객이 방문."], "zh": ["今天{v}来访。"],
}
FILLER = {
    "en": ["Thank you for your patience while we look into this.", "The meeting has been moved to the second floor.", "Nothing else has changed since our last letter.",
           "As agreed, the goods will be delivered in three parts.", "Please do not reply to this message.", "The team was pleased with how the pilot went.",
           "You will find the terms on the back of the form.", "He asked whether the discount of 15 % still stands; it does until the 30th."],
    "de": ["Vielen Dank für Ihre Geduld.", "Alles Weitere besprechen wir in der nächsten Sitzung.", "Die Unterlagen liegen diesem Schreiben bei.", "Der Preis beträgt 1.249,00 Euro netto."],
    "fr": ["Nous vous remercions de votre patience.", "Les documents sont joints à ce courrier.", "Le montant s'élève à 1 249,00 euros."],
    "es": ["Gracias por su paciencia.", "Los documentos van adjuntos a esta carta.", "El importe asciende a 1.249,00 euros."],
    "it": ["La ringraziamo per la pazienza.", "I documenti sono allegati alla presente."], "pt": ["Agradecemos a sua paciência.", "Os documentos seguem em anexo."],
}

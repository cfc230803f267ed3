/** Beginnings that the lessons use, or that stand for what they tell about. */
export const PROMPTS = [
  'there was a beautiful woman with an ugly',
  'there was a beautiful woman with an ugly cat . the woman was',
  'there was a beautiful woman with an ugly cat . the cat was',
  'there was a beautiful woman with an ugly cat . she was',
  'there was a beautiful woman with an ugly cat . it was',
  'there was a beautiful woman with an ugly cat . the woman was not',
  'there was a',
  'there was a beautiful',
  'there was a beautiful woman with a small black',
  'there was a very lovely',
  'anna smith met ben jones . ben',
  'anna and ben went to the market . anna gave a book to',
  'anna sat by the river . she saw the bank . the bank was',
  'anna needed money . she saw the bank . the bank was',
  'there was a tall man with a lovely woman . she was',
  'there was a king with a golden',
];

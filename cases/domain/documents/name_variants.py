"""Given names that are one however they are spelt, and the short forms that stand for them: data, without accents."""

from collections.abc import Mapping
from typing import Final

_ALIKE: Final = """
mohammed mohamed muhammad mohammad muhammed mohamad muhamad mohamet mahomed mouhamed md mohd muhd; ahmad ahmed ahmet;
hussein husain hussain hossein hossain husayn hosein houssein; hassan hasan hacen;
yusuf youssef yousef yousuf yusof yosef youcef;
omar umar oumar; ali aly; khalid khaled; fatima fatimah fatema fatma fatemeh; aisha aysha ayesha aicha aishah;
mariam maryam meryem;
ibrahim ebrahim brahim; ismail ismael esmail; abdullah abdallah abdulla;
abdulrahman abdelrahman abderrahman abdurrahman abdurahman;
abdulaziz abdelaziz abdulazeez; said saeed saeid sayeed; rashid rasheed rachid; karim kareem;
jamal gamal djamal; noor nour nur;
huda houda hoda; layla leila laila leyla; zainab zeinab zaynab zeynep; sara sarah; hana hanah; rahel rachel rachelle;
levi levy; cohen kohen kohn; moshe mosche; yitzhak itzhak yitzchak izhak; yaakov yakov jaakov; shmuel schmuel;
yuri yury yuriy iouri juri jurij; sergei sergey serhii sergej serguei; dmitri dmitry dmitriy dimitri dmitrij;
andrei andrey andrej andriy;
alexei alexey aleksei aleksey alexej; aleksandr alexandr alexander oleksandr; aleksandra alexandra oleksandra;
evgeny evgeni yevgeny evgeniy evgenij;
nikolai nikolay nikolaj mykola; vasily vasili vasiliy wassili; mikhail michail mikhayil;
tatiana tatyana tatjana tetiana; natalia natalya natalja nataliya nathalia;
olga olha; ekaterina yekaterina jekaterina kateryna; elena yelena jelena; maria mariya marija mariia;
anastasia anastasiya anastasija;
sofia sofiya sofija; irina iryna; ksenia xenia kseniya; yulia julia iuliia yuliya julija; svetlana svitlana;
park pak bak; lee yi rhee ri; choi choe choy; jung jeong chung cheong; cho jo; kang gang; kim gim;
lim im rim yim; yoon yun youn; shin sin;
kwon gwon; seo suh; moon mun; woo wu u; koo ku gu; chang jang; chun jeon jun; ahn an; noh roh; oh o;
hur heo huh; ryu yoo yu ryoo;
young yeong yung; hyun hyeon; joon jun; soo su; hee hui; kyung gyeong kyeong; sung seong; min minn; jae chae;
chul cheol; eun un;
nguyen nguyn; katherine catherine katharine catharine kathryn cathryn; philip phillip; stephen steven;
geoffrey jeffrey; anne ann;
jose josep; joao joan; xavier javier; ximena jimena
"""
_SHORT: Final = """
wm=william;will=william;bill=william;bob=robert;rob=robert;robt=robert;dick=richard;rick=richard;richd=richard;
chas=charles;
charlie=charles;geo=george;jas=james;jim=james;jimmy=james;jos=joseph josef;joe=joseph;thos=thomas;tom=thomas;
chris=christopher christian christine;
edw=edward;ed=edward edwin;ted=edward theodore;saml=samuel;sam=samuel;danl=daniel;dan=daniel;dave=david;
mike=michael;matt=matthew;
andy=andrew andreas;tony=anthony;nick=nicholas nikolaus;greg=gregory;steve=stephen steven;
alex=alexander alexandra;ben=benjamin;benj=benjamin;
liz=elizabeth;lizzie=elizabeth;beth=elizabeth;eliz=elizabeth;kate=katherine catherine;kathy=katherine catherine;
maggie=margaret;meg=margaret;peggy=margaret;
sue=susan susanne;patty=patricia;debbie=deborah;deb=deborah;jenny=jennifer;becky=rebecca;vicky=victoria;
ma=maria;fco=francisco;fca=francisca;fdez=fernandez;fdz=fernandez;gcia=garcia;glez=gonzalez;gzlez=gonzalez;
hdez=hernandez;mtnez=martinez;mtz=martinez;
rguez=rodriguez;rdguez=rodriguez;rdz=rodriguez;lpz=lopez;pz=perez;sz=sanchez;schz=sanchez;pepe=jose;
paco=francisco;ant=antonio anton;anto=antonio;
mel=manuel;ml=manuel;jno=john juan;gpe=guadalupe;cpcion=concepcion;concha=concepcion;lola=dolores;
hans=johannes;joh=johann johannes johanna;friedr=friedrich friederike;fritz=friedrich;wilh=wilhelm wilhelmine;
heinr=heinrich;chr=christian christine christoph;
gg=georg;alfr=alfred;elis=elisabeth;lisa=elisabeth;kath=katharina;marg=margarete margarethe;mich=michael;
andr=andreas;matth=matthias;sepp=josef;max=maximilian;
jb=jeanbaptiste;jph=joseph;frs=francois;nikos=nikolaos;giannis=ioannis;giorgos=georgios;kostas=konstantinos;
dimitris=dimitrios
"""


def _groups(text: str) -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, group in enumerate(text.split(";")):
        for name in group.split():
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


#: Of each spelling, the groups that it stands in; two names that share one are alike.
ALIKE: Final = _groups(_ALIKE)
#: Of each short form, the names that it stands for.
SHORT_FOR: Final[Mapping[str, frozenset[str]]] = {
    short.strip(): frozenset(names.split())
    for short, names in (one.split("=") for one in _SHORT.split(";") if "=" in one)
}

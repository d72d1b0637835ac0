"""The larger towns of the countries whose letters are read: behind a word of place, where somebody lives.

``town_names.txt`` was gathered from the providers of Faker (MIT licence), without words of the languages.
"""

from pathlib import Path
from typing import Final

from config.kernel.accents import TWO_LETTERS, unaccented
from config.kernel.privacy.deidentification.eponyms import word_set

CITIES: Final = word_set(
    "London Birmingham Manchester Leeds Liverpool Glasgow Edinburgh Cardiff Swansea Belfast Bristol Sheffield"
    " Newcastle Nottingham Leicester York Oxford Cambridge Exeter Plymouth Norwich Aberdeen Dundee Inverness Bath"
    " Brighton Southampton Portsmouth Reading Derby Coventry Hull Bradford Durham Carlisle Lancaster Preston"
    " Chester Wrexham Dublin Cork Galway Limerick Waterford Sligo Kilkenny Tralee Boston Chicago Houston Phoenix"
    " Philadelphia Dallas Austin Columbus Seattle Denver Portland Detroit Memphis Baltimore Milwaukee Albuquerque"
    " Tucson Atlanta Miami Tampa Cleveland Pittsburgh Cincinnati Minneapolis Nashville Charlotte Sacramento Toronto"
    " Montréal Montreal Vancouver Calgary Ottawa Edmonton Winnipeg Québec Quebec Halifax Victoria Regina Saskatoon"
    " Gatineau Laval Sherbrooke Sydney Melbourne Brisbane Perth Adelaide Hobart Darwin Canberra Ballarat Geelong"
    " Bendigo Cairns Townsville Auckland Wellington Berlin Hamburg München Köln Frankfurt Stuttgart Düsseldorf"
    " Leipzig Dortmund Essen Bremen Dresden Hannover Nürnberg Duisburg Bochum Wuppertal Bielefeld Bonn Münster"
    " Karlsruhe Mannheim Augsburg Wiesbaden Kiel Lübeck Rostock Erfurt Mainz Kassel Freiburg Magdeburg Halle"
    " Chemnitz Potsdam Regensburg Würzburg Ulm Heidelberg Göttingen Jena Trier Oldenburg Osnabrück Aachen"
    " Saarbrücken Wien Graz Linz Salzburg Innsbruck Klagenfurt Villach Wels Dornbirn Bregenz Zürich Genf Basel Bern"
    " Lausanne Winterthur Luzern Lugano Chur Thun Biel Zug Schaffhausen Solothurn Aarau Olten Paris Marseille Lyon"
    " Toulouse Nice Nantes Strasbourg Montpellier Bordeaux Lille Rennes Reims Toulon Grenoble Dijon Angers Nîmes"
    " Villeurbanne Clermont-Ferrand Brest Limoges Tours Amiens Perpignan Metz Besançon Orléans Rouen Mulhouse Caen"
    " Nancy Avignon Poitiers Annecy Pau Bayonne Quimper Vannes Bruxelles Liège Namur Charleroi Mons Anvers Gand"
    " Genève Neuchâtel Sion Luxembourg Madrid Barcelona Valencia Sevilla Zaragoza Málaga Murcia Palma Bilbao"
    " Alicante Córdoba Valladolid Vigo Gijón Granada Oviedo Pamplona Santander Burgos Salamanca Logroño Badajoz"
    " Cádiz Huelva León Toledo Cuenca Soria Segovia Ávila Girona Tarragona Lleida Elche Cartagena Jerez Almería"
    " Jaén Cáceres Lugo Ourense Pontevedra Vitoria Bogotá Medellín Cali Barranquilla Lima Arequipa Cusco Santiago"
    " Valparaíso Rosario Mendoza Montevideo Quito Guayaquil Caracas México Guadalajara Monterrey Puebla Mérida Oaxaca"
) | frozenset(Path(__file__).with_name("town_names.txt").read_text("utf-8").split())
#: Those of several words.
LONG_CITIES: Final = tuple(
    unaccented(name, spelt=TWO_LETTERS)
    for name in (
        "St. Gallen",
        "Buenos Aires",
        "La Plata",
        "Mar del Plata",
        "Ciudad de México",
        "San Sebastián",
        "A Coruña",
        "La Coruña",
        "Las Palmas",
        "Santa Cruz",
        "Le Havre",
        "La Rochelle",
        "Le Mans",
        "Saint-Étienne",
        "Aix-en-Provence",
        "New York",
        "Los Angeles",
        "San Francisco",
        "San Diego",
        "San Antonio",
        "San José",
        "Santa Fe",
        "Salt Lake City",
        "Kansas City",
        "Las Vegas",
        "New Orleans",
        "St. Louis",
        "St. John",
        "Bad Homburg",
        "Bad Tölz",
        "La Paz",
        "Santo Domingo",
        "Saint-Denis",
        "Trois-Rivières",
        "Gold Coast",
        "Milton Keynes",
        "Castellón de la Plana",
        "Palma de Mallorca",
    )
)

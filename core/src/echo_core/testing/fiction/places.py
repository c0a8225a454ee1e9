"""Where the fictional company sits, how people there are called, and what its departments are."""

from __future__ import annotations

from echo_core.testing.company import Site, Unit

SITES: tuple[Site, ...] = (
    Site("sto", "Stockholm, Slussen", "Stockholm", "SE", "Sweden", "Europe/Stockholm", "sv"),
    Site("got", "Gothenburg, Lindholmen", "Gothenburg", "SE", "Sweden", "Europe/Stockholm", "sv"),
    Site("lon", "London, Shoreditch", "London", "GB", "United Kingdom", "Europe/London", "en"),
    Site("ber", "Berlin, Kreuzberg", "Berlin", "DE", "Germany", "Europe/Berlin", "de"),
    Site("ams", "Amsterdam, Noord", "Amsterdam", "NL", "Netherlands", "Europe/Amsterdam", "nl"),
    Site("par", "Paris, République", "Paris", "FR", "France", "Europe/Paris", "fr"),
    Site("mad", "Madrid, Chamberí", "Madrid", "ES", "Spain", "Europe/Madrid", "es"),
    Site("waw", "Warsaw, Wola", "Warsaw", "PL", "Poland", "Europe/Warsaw", "pl"),
    Site("nyc", "New York, Chelsea", "New York", "US", "United States of America", "America/New_York", "en"),
    Site("tor", "Toronto, King West", "Toronto", "CA", "Canada", "America/Toronto", "en"),
    Site("sao", "São Paulo, Pinheiros", "São Paulo", "BR", "Brazil", "America/Sao_Paulo", "pt"),
    Site("mex", "Mexico City, Roma Norte", "Mexico City", "MX", "Mexico", "America/Mexico_City", "es"),
    Site("blr", "Bengaluru, Indiranagar", "Bengaluru", "IN", "India", "Asia/Kolkata", "en"),
    Site("sgp", "Singapore, Tanjong Pagar", "Singapore", "SG", "Singapore", "Asia/Singapore", "en"),
    Site("tyo", "Tokyo, Shibuya", "Tokyo", "JP", "Japan", "Asia/Tokyo", "ja"),
)

SITE_WEIGHTS: tuple[int, ...] = (22, 5, 12, 9, 5, 6, 5, 5, 14, 4, 5, 4, 7, 4, 4)

UNITS: tuple[Unit, ...] = (
    Unit("company", "Company", None),
    Unit("engineering", "Engineering", "company"),
    Unit("platform", "Platform Engineering", "engineering"),
    Unit("data", "Data & Insights", "engineering"),
    Unit("client", "Client Engineering", "engineering"),
    Unit("security", "Security", "engineering"),
    Unit("research", "Research & Machine Learning", "engineering"),
    Unit("product", "Product", "company"),
    Unit("design", "Design", "product"),
    Unit("commercial", "Commercial", "company"),
    Unit("marketing", "Marketing", "commercial"),
    Unit("sales", "Advertising Sales", "commercial"),
    Unit("support", "Customer Support", "commercial"),
    Unit("content", "Content & Partnerships", "company"),
    Unit("finance", "Finance", "company"),
    Unit("people", "People", "company"),
    Unit("legal", "Legal", "company"),
    Unit("operations", "Workplace & Operations", "company"),
)

GIVEN: dict[str, str] = {
    "sv": "Astrid Elsa Ingrid Saga Linnea Ebba Freja Maja Alva Tuva Erik Lars Nils Axel Gustav Oskar Viktor Emil Hugo Arvid",
    "en": "Olivia Amelia Grace Hannah Ruby Chloe Zoe Naomi Priya Aisha James Oliver Noah Ethan Daniel Marcus Samuel Kofi Owen Theo",
    "de": "Lena Marie Johanna Greta Frieda Klara Mila Paula Leonie Anja Jonas Felix Lukas Moritz Paul Tobias Max Niklas Karl Emre",
    "nl": "Sanne Fleur Lotte Femke Eva Noor Iris Anouk Roos Tessa Daan Sem Bram Thijs Lars Ruben Jasper Sven Koen Stijn",
    "fr": "Camille Chloé Manon Inès Léa Jeanne Zoé Margaux Élise Nadia Louis Gabriel Jules Hugo Antoine Théo Rayan Mathis Bastien Yanis",
    "es": "Lucía Sofía Carmen Paula Valeria Jimena Alba Elena Marta Ximena Pablo Diego Álvaro Javier Mateo Santiago Andrés Hugo Iván Raúl",
    "pl": "Zofia Zuzanna Hanna Maja Alicja Oliwia Kinga Ewa Agata Magda Jakub Antoni Szymon Filip Kacper Wojciech Michał Piotr Tomasz Adam",
    "pt": "Ana Beatriz Júlia Larissa Camila Fernanda Luiza Mariana Isabela Rafaela João Pedro Lucas Gabriel Rafael Thiago Bruno Caio Mateus Vinícius",
    "hi": "Ananya Diya Meera Kavya Ishita Nandini Riya Shreya Pooja Lakshmi Arjun Rohan Aditya Vikram Karthik Rahul Sanjay Nikhil Varun Dev",
    "zh": "Mei Hui Li-Na Xin Jia Wen Yan Shu-Fen Min Ling Wei Jun Hao Chen-Yu Kai Ming Zhi Yong Boon Tian",
    "ja": "Yui Sakura Hana Aoi Mio Rin Akari Emi Naoko Yuna Haruto Sota Ren Yuki Kaito Daichi Takumi Kenji Shota Hiroshi",
}

FAMILY: dict[str, str] = {
    "sv": "Lindqvist Bergström Håkansson Sjöberg Nyström Ekholm Wallin Sandberg Åkesson Forsberg Holm Lundin Öberg Strand Björk Hedlund",
    "en": "Hartley Okafor Bennett Sinclair Whitmore Adeyemi Carver Lowell Prescott Mensah Ashworth Delaney Fairbanks Monroe Thackeray Holloway",
    "de": "Brandt Vogel Kessler Reuter Winkler Albrecht Steiner Yildiz Haas Lorenz Baumann Seidel Krämer Ziegler Pohl Engelhardt",
    "nl": "Jansen Visser Bakker Mulder Dekker Hoekstra Kuipers Vermeer Postma Brouwer Smits Verhoeven Prins Schouten Timmer Wolters",
    "fr": "Moreau Lefèvre Girard Bonnet Fontaine Chevalier Marchand Dufour Benali Renaud Perrin Leclerc Vasseur Roussel Guillot Picard",
    "es": "Navarro Ibáñez Cortés Vidal Serrano Castaño Figueroa Montero Rojas Aguilar Peña Cárdenas Villanueva Salgado Quintana Rivas",
    "pl": "Nowicka Zielińska Lewandowska Wójcik Kamińska Kaczmarek Mazur Krawczyk Piotrowski Grabowski Pawlak Sikora Baran Duda Szewczyk Wilk",
    "pt": "Carvalho Barbosa Teixeira Moura Cardoso Nogueira Ramos Freitas Azevedo Duarte Pinheiro Tavares Lacerda Brandão Queiroz Prado",
    "hi": "Sharma Iyer Reddy Nair Kulkarni Banerjee Menon Chatterjee Rao Desai Joshi Kapoor Pillai Bhatt Hegde Mishra",
    "zh": "Tan Lim Wong Ng Chua Goh Ong Teo Koh Lau Chan Zhang Liu Huang Wu Zhao",
    "ja": "Sato Suzuki Takahashi Tanaka Watanabe Ito Nakamura Kobayashi Yamada Sasaki Matsumoto Inoue Kimura Hayashi Shimizu Mori",
}

NAMES_AT: dict[str, tuple[str, ...]] = {
    "sto": ("sv", "sv", "sv", "en", "hi"),
    "got": ("sv",),
    "lon": ("en", "en", "en", "hi", "pl"),
    "ber": ("de", "de", "de", "en", "pl"),
    "ams": ("nl", "nl", "en"),
    "par": ("fr",),
    "mad": ("es",),
    "waw": ("pl",),
    "nyc": ("en", "en", "en", "es", "zh"),
    "tor": ("en", "en", "hi", "fr"),
    "sao": ("pt",),
    "mex": ("es",),
    "blr": ("hi",),
    "sgp": ("zh", "zh", "en", "hi"),
    "tyo": ("ja",),
}

"""How other systems head their columns: folded words in English, Spanish and Portuguese."""

from typing import Final

_PHONES = ("phone", "telephone", "tel", "phone number", "telefono", "telefone", "contacto", "fixo",
           "home phone", "tel casa", "phone home", "telefono fijo", "fijo")  # fmt: skip
_DATES = ("date", "fecha", "data", "day", "dia")
_CODES = ("code", "codigo", "cod", "ref", "referencia", "reference")

PATIENTS: Final[dict[str, tuple[str, ...]]] = {
    "number": ("number", "id", "no", "nr", "num", "n", "patient id", "record number", "numero",
               "n processo", "processo", "historia", "n historia", "historia clinica", "expediente",
               "ficha", "n ficha", "code", "codigo", "patnum", "chart number", "nhc"),
    "name": ("name", "full name", "nombre completo", "nome completo", "patient name", "nome",
             "apellidos y nombre", "apellidos nombre", "last first", "paciente", "patient",
             "titular",
             "nome do paciente", "nombre del paciente", "cliente", "client", "utente",
             "head of family"),
    "given": ("first name", "given name", "given names", "firstname", "fname", "nombre",
              "nombre de pila", "nome proprio", "primeiro nome", "nombres", "forename", "nomes"),
    "family": ("last name", "surname", "family name", "lastname", "lname", "apellido",
               "apellidos", "apelido", "apelidos", "primer apellido", "ultimo nome", "sobrenome",
               "apellido 1", "apellido1"),
    "family2": ("second surname", "segundo apellido", "apellido 2", "apellido2",
                "apellido materno", "segundo apelido"),
    "other_name": ("preferred name", "nickname", "alias", "known as", "preferred", "nombre social",
                   "nome social", "apodo", "alcunha", "other name"),
    "title": ("title", "titulo", "tratamiento", "tratamento", "salutation", "saludo"),
    "sex": ("sex", "gender", "sexo", "genero"),
    "born": ("birth date", "date of birth", "dob", "born", "birthdate", "birthday", "birth",
             "fecha de nacimiento", "fecha nacimiento", "f nacimiento", "nacimiento", "f nac",
             "fec nac", "data de nascimento", "data nascimento", "nascimento", "data nasc",
             "d nasc",
             "dt nasc", "nasc", "nac"),
    "mobile": ("mobile", "cell", "cell phone", "mobile phone", "movil", "telefono movil",
               "telemovel", "telemovel 1", "celular", "wireless phone", "tlm", "telm"),
    "phone": _PHONES,
    "email": ("email", "e mail", "mail", "correo", "correo electronico", "correio eletronico"),
    "address": ("address", "street", "direccion", "domicilio", "morada", "endereco", "calle",
                "rua", "address 1", "address line 1", "residencia"),
    "city": ("city", "town", "ciudad", "poblacion", "localidad", "localidade", "cidade",
             "municipio", "concelho"),
    "postcode": ("postcode", "zip", "zip code", "postal code", "codigo postal", "cp", "c postal",
                 "cod postal", "cep"),
    "country": ("country", "pais"),
    "language": ("language", "idioma", "lengua", "lingua"),
    "status": ("status", "active", "estado", "activo", "ativo", "situacion", "situacao"),
    "household": ("family id", "family number", "household", "familia", "n familia", "guarantor",
                  "id familia", "agregado", "family group"),
    "allergies": ("allergies", "allergy", "alergias", "alergia"),
    "tags": ("tags", "tag", "labels", "label", "groups", "etiquetas", "etiqueta", "grupos"),
    "note": ("note", "notes", "comments", "remarks", "notas", "nota", "observaciones",
             "observacoes", "obs", "comentarios", "memo"),
}  # fmt: skip

_WHO = {
    "patient_number": PATIENTS["number"] + ("patient number", "numero paciente", "n paciente"),
    "patient_name": (*PATIENTS["name"], "nombre"),
    "patient_born": PATIENTS["born"],
}

APPOINTMENTS: Final[dict[str, tuple[str, ...]]] = {
    **_WHO,
    "starts": (*_DATES, "start", "date time", "appointment date", "fecha cita", "data consulta",
               "inicio", "fecha hora", "data hora", "aptdatetime"),
    "clock": ("time", "hour", "hora", "start time", "hora inicio", "hora cita"),
    "ends": ("end", "end time", "fim", "fin", "hora fin", "hora fim"),
    "minutes": ("minutes", "duration", "length", "duracion", "duracao", "minutos", "min"),
    "provider": ("provider", "dentist", "doctor", "medico", "dentista", "profesional",
                 "profissional", "odontologo"),
    "chair": ("chair", "room", "operatory", "gabinete", "sillon", "cadeira", "sala", "box"),
    "status": ("status", "estado", "state"),
    "remark": ("note", "notes", "reason", "motivo", "observaciones", "observacoes", "notas"),
}  # fmt: skip

BALANCES: Final[dict[str, tuple[str, ...]]] = {
    **_WHO,
    "amount": ("balance", "amount", "saldo", "importe", "valor", "owed", "due", "debe", "divida",
               "deuda", "pendiente", "em divida", "saldo pendiente", "total"),
    "day": (*_DATES, "as of", "a fecha"),
    "memo": ("note", "notes", "concept", "concepto", "descricao", "descripcion", "memo"),
}  # fmt: skip

TREATMENTS: Final[dict[str, tuple[str, ...]]] = {
    "code": (*_CODES, "id", "procedure code", "proccode"),
    "name": ("name", "description", "treatment", "service", "nombre", "descripcion", "tratamiento",
             "servicio", "nome", "descricao", "tratamento", "servico", "procedure", "acto", "ato"),
    "category": ("category", "categoria", "group", "grupo", "family", "familia", "especialidad",
                 "especialidade"),
    "price": ("price", "fee", "precio", "preco", "tarifa", "pvp", "valor", "importe", "amount"),
    "minutes": ("minutes", "duration", "time", "duracion", "duracao", "minutos", "tiempo", "tempo"),
}  # fmt: skip

STOCK: Final[dict[str, tuple[str, ...]]] = {
    "sku": (*_CODES, "sku", "id", "article", "articulo", "artigo", "item number"),
    "barcode": ("barcode", "ean", "codigo de barras", "gtin"),
    "name": ("name", "product", "description", "nombre", "producto", "descripcion", "nome",
             "produto", "descricao", "designacao", "material", "item"),
    "unit": ("unit", "unidad", "unidade", "packaging", "envase", "embalagem"),
    "quantity": ("quantity", "stock", "qty", "cantidad", "existencias", "quantidade", "on hand",
                 "qtd", "existencia", "cant"),
    "reorder_level": ("reorder level", "minimum", "min", "stock minimo", "minimo", "reorder"),
    "cost": ("cost", "price", "coste", "costo", "custo", "precio", "preco", "unit cost",
             "precio coste", "preco custo"),
}  # fmt: skip
